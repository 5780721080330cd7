import type { Bounds } from "../../core/bounds.ts";
import type { Horizon } from "../../core/horizon.ts";
import { nearestNames } from "../../core/nearest-names.ts";
import { rememberLast } from "../../core/remember-last.ts";
import { ownInstruments } from "../../metrics/own-instruments.ts";
import type { OwnMetric } from "../../metrics/own-metric.ts";
import { levelMetrics } from "../../metrics/recorded-fields.ts";
import { prometheusName } from "../../prometheus/metric-name.ts";
import { defaultViews } from "../../views/default-views.ts";
import type { ForecastView, ViewOutput } from "../../views/forecast-view.ts";
import { compileAny } from "../../views/pattern.ts";

/** A metric that is forecast, or a pattern of such metrics. */
export interface KnownMetric {
  /** Prometheus name; `*` stands for anything. */
  readonly pattern: string;
  readonly bounds: Bounds;
  /** Horizons that it is forecast at; absent: the horizons of the process. */
  readonly horizons?: readonly Horizon[];
  /** The labels of its series; `undefined`: only the application knows them. */
  readonly labels: readonly string[] | undefined;
  /** Whether it is the total of a day, which is forecast at midnight too. */
  readonly isDailyTotal: boolean;
  /** Whether a default view makes it. */
  readonly isOurs: boolean;
}

/**
 * The metrics that an alert can be about: those that the default views make from our own
 * instruments, and those that the given views name. An application's instrument that no view names
 * is unknown, although it is forecast.
 */
export function knownMetrics(namespace: string, given: readonly ForecastView[]): KnownMetric[] {
  const ours = defaultViews(namespace).filter((view) => view.exceptScopes === undefined);
  const counters = ours.flatMap((view) => view.outputs.filter((it) => it.isCounter).map(({ name }) => name));
  const instruments = levelMetrics(namespace).filter(({ name }) => !counters.includes(name));
  return [
    ...given.flatMap((view) => {
      const labels = labelsOf(view, namespace);
      return forecastOutputs(view).flatMap((output) => givenMetrics(view, output, labels));
    }),
    ...ours.flatMap((view) =>
      forecastOutputs(view).flatMap((output) => ownMetrics(view, output, instruments)),
    ),
  ];
}

function forecastOutputs(view: ForecastView): ViewOutput[] {
  return view.outputs.filter((output) => output.isForecast);
}

function ownMetrics(
  view: ForecastView,
  output: ViewOutput,
  instruments: readonly OwnMetric[],
): KnownMetric[] {
  const { name, unit = "", bounds = {}, isDailyTotal = false } = output;
  const about = { bounds, isDailyTotal, isOurs: true };
  if (!name.includes("{")) {
    const labels = view.by === "all" ? undefined : view.by;
    return [{ pattern: prometheusName({ name, unit, type: "gauge" }), labels, ...about }];
  }
  const isNamed = compileAny(view.instruments);
  const isExcept = compileAny(view.except ?? []);
  return instruments
    .filter((instrument) => isNamed(instrument.name) && !isExcept(instrument.name))
    .map((instrument) => ({
      pattern: prometheusName({ ...instrument, type: "gauge" }),
      labels: view.by === "all" ? instrument.labels : view.by,
      ...about,
    }));
}

/** Our instruments, by the namespace of their names. A file may have thousands of names to compare with them. */
export const instrumentsOf = rememberLast(ownInstruments);

/** The labels of a given view: those that it names, else those of its instruments if all are ours. */
function labelsOf({ by, instruments }: ForecastView, namespace: string): readonly string[] | undefined {
  if (by !== "all") return by;
  const own = instrumentsOf(namespace);
  const attributes = instruments.map((name) => own.find((it) => it.name === name)?.attributes);
  return attributes.every((it) => it !== undefined) ? attributes.flat() : undefined;
}

/** The three metrics whose names are nearest to `name`. */
export function nearestMetrics(name: string, metrics: readonly KnownMetric[]): string[] {
  return nearestNames(
    name,
    metrics.map(({ pattern }) => pattern),
  );
}

/**
 * An application's instrument has no unit before it is created. Its unit may then add a word to the
 * name.
 */
function givenMetrics(
  view: ForecastView,
  { name, bounds = {}, isDailyTotal = false }: ViewOutput,
  labels: KnownMetric["labels"],
): KnownMetric[] {
  const about = {
    bounds,
    labels,
    isDailyTotal,
    isOurs: false,
    ...(view.horizons === undefined ? {} : { horizons: view.horizons }),
  };
  const names = name.includes("{")
    ? view.instruments.map((instrument) =>
        name.replace("{instrument}", instrument).replace("{base}", `${instrument}*`),
      )
    : [name];
  return names
    .map((it) => it.replace(/[^a-zA-Z0-9:*?]+/g, "_"))
    .flatMap((pattern) => [
      { pattern, ...about },
      { pattern: `${pattern}_*`, ...about },
    ]);
}
