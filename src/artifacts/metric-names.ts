import { type AgentMetricKey, agentMetrics } from "../metrics/agent-metrics.ts";
import { FORECAST_METRICS, FORECASTER_METRICS, predictedMetrics } from "../metrics/forecast-metrics.ts";
import type { OwnMetric } from "../metrics/own-metric.ts";
import { prometheusName } from "../prometheus/metric-name.ts";

/** Prometheus names of what is published of every forecast, and of the forecaster itself. */
export const FORECASTER = prometheusNames({ ...FORECAST_METRICS, ...FORECASTER_METRICS });

export type AgentMetricNames = Readonly<Record<AgentMetricKey, string>>;

/** Prometheus names of the metrics of agents. */
export function agentMetricNames(namespace: string): AgentMetricNames {
  return prometheusNames(agentMetrics(namespace));
}

/** Prometheus names of the gauges that predict a metric, each with a `horizon`. */
export function predictionsOf(metric: string): { predicted: string; lower: string; upper: string } {
  return prometheusNames({ ...predictedMetrics(metric) });
}

function prometheusNames<Key extends string>(metrics: Readonly<Record<Key, OwnMetric>>): Record<Key, string> {
  const entries = Object.entries(metrics) as [Key, OwnMetric][];
  return Object.fromEntries(entries.map(([key, metric]) => [key, prometheusName(metric)])) as Record<
    Key,
    string
  >;
}
