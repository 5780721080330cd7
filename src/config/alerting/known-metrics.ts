import type { Bounds } from "../../core/bounds.ts";
import type { Horizon } from "../../core/horizon.ts";
import { nearestNames } from "../../core/nearest-names.ts";
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
    ...given.flatMap((view) => forecastOutputs(view).flatMap((output) => givenMetrics(view, output))),
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
  instruments: readonly { readonly name: string; readonly unit: string }[],
): KnownMetric[] {
  const { name, unit = "", bounds = {}, isDailyTotal = false } = output;
  if (!name.includes("{"))
    return [{ pattern: prometheusName({ name, unit, type: "gauge" }), bounds, isDailyTotal, isOurs: true }];
  const isNamed = compileAny(view.instruments);
  const isExcept = compileAny(view.except ?? []);
  return instruments
    .filter((instrument) => isNamed(instrument.name) && !isExcept(instrument.name))
    .map((instrument) => ({
      pattern: prometheusName({ ...instrument, type: "gauge" }),
      bounds,
      isDailyTotal,
      isOurs: true,
    }));
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
): KnownMetric[] {
  const about = {
    bounds,
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
