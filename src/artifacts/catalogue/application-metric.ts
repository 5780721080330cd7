import type { MeasuredMetric } from "../../core/measured-metric.ts";
import type { ForecastView, MeasuredNumber } from "../../views/forecast-view.ts";

const KINDS: Readonly<Record<MeasuredNumber, "level" | "increment" | "histogram">> = {
  level: "level",
  rate: "increment",
  total: "increment",
  ratio: "increment",
  quantile: "histogram",
  mean: "histogram",
};

const HISTOGRAM = {
  kind: "explicit",
  count: 1,
  sum: 1,
  boundaries: [1],
  counts: [1, 0],
} as const;

/** An instrument of an application, as far as the view that names it tells. */
export interface NamedInstrument {
  readonly metric?: MeasuredMetric;
  /** Why nothing can be said of it, where that matters. */
  readonly remark?: string;
}

/**
 * The instrument of an application that a view names. Its unit is not known here, so the view has to say what the metric
 * is called: by a `unit` of its own, and for a rate or a ratio by a `name`. Where it does not, and a threshold waits for
 * the name, that is remarked.
 */
export function applicationMetric(view: ForecastView): NamedInstrument {
  const [output] = view.outputs;
  const [name] = view.instruments;
  if (output === undefined || name === undefined) return {};
  const isOne = view.instruments.length === 1 && !/[*?!]/.test(name);
  const isNamed = output.unit !== undefined && !output.name.includes("{base}");
  const isKnown = isNamed && (isOne || !output.name.includes("{"));
  if (!isKnown) {
    if (output.threshold === undefined) return {};
    return {
      remark:
        `the view of ${view.instruments.join(", ")} has a threshold, but what its metric is called in Prometheus ` +
        "depends on the unit of an instrument that only the application knows: give the view one instrument, a " +
        '"unit" and a "name", or set the limit under "thresholds" by the Prometheus name',
    };
  }
  const base = { scope: view.scope ?? "application", name, unit: output.unit ?? "", description: "" };
  const kind = KINDS[output.number];
  const metric: MeasuredMetric =
    kind === "histogram"
      ? { ...base, kind, points: [{ labels: {}, value: HISTOGRAM }] }
      : { ...base, kind, points: [{ labels: {}, value: 1 }] };
  return { metric };
}
