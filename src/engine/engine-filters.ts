import type { Forecast } from "../core/forecast.ts";
import type { SeriesKey } from "../core/series-key.ts";
import { compilePattern } from "../views/pattern.ts";
import type { SeriesForecaster } from "./series-forecaster.ts";

/** Selects forecasts. A field that is left out selects everything. */
export interface ForecastFilter {
  readonly agentName?: string;
  readonly metricName?: string;
  readonly horizonSeconds?: number;
}

/**
 * Selects the series whose history and models are forgotten. A field that is left out selects
 * everything. Names may be patterns with `*`.
 */
export interface LearntFilter {
  readonly agentName?: string;
  readonly metricName?: string;
}

/** The forecasts that a filter selects. */
export function forecastsOf(forecasters: Iterable<SeriesForecaster>, filter: ForecastFilter): Forecast[] {
  const asked: Forecast[] = [];
  for (const forecaster of forecasters) {
    const { metric, labels } = forecaster.plan.key;
    if (filter.metricName !== undefined && filter.metricName !== metric) continue;
    if (filter.agentName !== undefined && filter.agentName !== labels.agent) continue;
    asked.push(...forecaster.forecasts());
  }
  if (filter.horizonSeconds === undefined) return asked;
  return asked.filter((forecast) => forecast.horizonSeconds === filter.horizonSeconds);
}

/** The series that a filter selects. */
export function keysOf(
  forecasters: Iterable<SeriesForecaster>,
  { agentName, metricName }: LearntFilter,
): SeriesKey[] {
  const isMetric = compilePattern(metricName ?? "*");
  const isAgent = compilePattern(agentName ?? "*");
  return Array.from(forecasters, ({ plan }) => plan.key).filter(
    ({ metric, labels: { agent } }) =>
      isMetric(metric) && (agentName === undefined || (agent !== undefined && isAgent(agent))),
  );
}
