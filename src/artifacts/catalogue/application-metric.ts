import type { MeasuredMetric } from "../../core/measured-metric.ts";
import type { ForecastView, MeasuredNumber } from "../../views/forecast-view.ts";

const KINDS: Readonly<Record<MeasuredNumber, "level" | "increment" | "histogram">> = {
  level: "level",
  rate: "increment",
  total: "increment",
  ratio: "increment",
  quantile: "histogram",
  mean: "histogram",
  today: "increment",
};

const HISTOGRAM = {
  kind: "explicit",
  count: 1,
  sum: 1,
  boundaries: [1],
  counts: [1, 0],
} as const;

/** An instrument of the application, as far as a view describes it. */
export interface NamedInstrument {
  readonly metric?: MeasuredMetric;
  /** Why it is not known, if a threshold needs it. */
  readonly remark?: string;
}

/**
 * The application's instrument that a view names. Its unit is not known here, and the name in
 * Prometheus depends on it: the view must have a `unit`, and for a rate or a ratio a `name`. If it
 * has a threshold without these, the result is a remark.
 *
 * @param isQuery whether a name is that of a query of a gateway, whose series have no unit.
 */
export function applicationMetric(view: ForecastView, isQuery: (name: string) => boolean): NamedInstrument {
  const [output] = view.outputs;
  const [name] = view.instruments;
  if (output === undefined || name === undefined) return {};
  const isOne = view.instruments.length === 1 && !/[*?!]/.test(name);
  const unit = output.unit ?? (isQuery(name) ? "" : undefined);
  const isNamed = unit !== undefined && !output.name.includes("{base}");
  const isKnown = isNamed && (isOne || !output.name.includes("{"));
  if (!isKnown) {
    if (output.threshold === undefined) return {};
    return {
      remark:
        `the view of ${view.instruments.join(", ")} has a threshold, but the Prometheus name of its metric depends on ` +
        "the unit of an instrument of the application, which is not known here. Give the view one instrument, a " +
        '"unit" and a "name", or set the threshold under "thresholds" by the Prometheus name',
    };
  }
  const base = { scope: view.scope ?? "application", name, unit: unit ?? "", description: "" };
  const kind = KINDS[output.number];
  const metric: MeasuredMetric =
    kind === "histogram"
      ? { ...base, kind, points: [{ labels: {}, value: HISTOGRAM }] }
      : { ...base, kind, points: [{ labels: {}, value: 1 }] };
  return { metric };
}
