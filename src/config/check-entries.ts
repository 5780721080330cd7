import type { Threshold } from "../core/threshold.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import { checkThresholdLimits, checkViewLimits } from "./alerting/check-limits.ts";
import type { Finding } from "./alerting/findings.ts";
import { type KnownMetric, knownMetrics } from "./alerting/known-metrics.ts";
import { checkThresholdNames, type NameContext } from "./check-names.ts";
import { checkViewNames } from "./check-view-names.ts";
import type { Configuration } from "./configuration.ts";
import { checkTimeZones } from "./time-zone.ts";

/** Finds what is wrong in views. */
export function checkViews(
  views: readonly ForecastView[],
  namespace: string,
  timeZone: string | undefined,
): Finding[] {
  return [
    ...checkViewLimits(views),
    ...checkTimeZones(views, namespace, timeZone),
    ...checkViewNames(views, namespace),
  ];
}

/** Finds what is wrong in thresholds by the names of metrics. */
export function checkThresholds(thresholds: ReadonlyMap<string, Threshold>, names: NameContext): Finding[] {
  return [...checkThresholdLimits(thresholds, names.metrics), ...checkThresholdNames(thresholds, names)];
}

/**
 * The configuration without its wrong views and thresholds, which are reported one by one. Alerts
 * can only be about the metrics of the others.
 */
export function withoutWrong(
  configuration: Configuration,
  context: {
    readonly namespace: string;
    readonly timeZone: string | undefined;
    /** The views of the options. */
    readonly otherViews: readonly ForecastView[];
  },
  report: (findings: readonly Finding[]) => void,
): Configuration {
  const { namespace, timeZone, otherViews } = context;
  const ofViews = checkViews(configuration.views, namespace, timeZone);
  const wrongViews = new Set(ofViews.map(({ path }) => path[1]));
  const views = configuration.views.filter((_, index) => !wrongViews.has(index));
  let known: readonly KnownMetric[] | undefined;
  const metrics = (): readonly KnownMetric[] => {
    known ??= knownMetrics(namespace, [...otherViews, ...views]);
    return known;
  };
  const ofThresholds =
    configuration.thresholds.size === 0
      ? []
      : checkThresholds(configuration.thresholds, { namespace, metrics });
  const wrong = new Set(ofThresholds.map(({ path }) => path[1]));
  const thresholds = new Map([...configuration.thresholds].filter(([name]) => !wrong.has(name)));
  report([...ofViews, ...ofThresholds]);
  return { ...configuration, views, thresholds };
}
