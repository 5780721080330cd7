import { type AgentMetricKey, agentMetrics } from "../metrics/agent-metrics.ts";
import { FORECAST_METRICS, FORECASTER_METRICS, predictedMetrics } from "../metrics/forecast-metrics.ts";
import { GATEWAY_METRICS } from "../metrics/gateway-metrics.ts";
import type { OwnMetric } from "../metrics/own-metric.ts";
import { prometheusName } from "../prometheus/metric-name.ts";

/** Prometheus names of the metrics of every forecast, and of the forecaster itself. */
export const FORECASTER = prometheusNames({ ...FORECAST_METRICS, ...FORECASTER_METRICS });

/** Prometheus names of the metrics of a gateway about itself. */
export const GATEWAY = prometheusNames(GATEWAY_METRICS);

/** Prometheus names of the metrics of agents, by key. */
export type AgentMetricNames = Readonly<Record<AgentMetricKey, string>>;

/** Prometheus names of the metrics of agents. */
export function agentMetricNames(namespace: string): AgentMetricNames {
  return prometheusNames(agentMetrics(namespace));
}

/** Prometheus names of the gauges that predict a metric, each with a `horizon`. */
export function predictionsOf(metric: string): { predicted: string; lower: string; upper: string } {
  return prometheusNames({ ...predictedMetrics(metric) });
}

const ANY = "x";

/** How the Prometheus names of agents' metrics end, whatever the namespace is: `_failure_rate`. */
export const AGENT_ENDINGS = endingsOf(agentMetricNames(ANY));

/**
 * How the names of the gauges that predict a metric end, whatever the metric is:
 * `_predicted_lower`.
 */
export const PREDICTION_ENDINGS = endingsOf(predictionsOf(ANY));

function endingsOf<Key extends string>(names: Readonly<Record<Key, string>>): Record<Key, string> {
  const entries = Object.entries<string>(names).map(([key, name]) => [key, name.slice(ANY.length)]);
  return Object.fromEntries(entries) as Record<Key, string>;
}

function prometheusNames<Key extends string>(metrics: Readonly<Record<Key, OwnMetric>>): Record<Key, string> {
  const entries = Object.entries(metrics) as [Key, OwnMetric][];
  return Object.fromEntries(entries.map(([key, metric]) => [key, prometheusName(metric)])) as Record<
    Key,
    string
  >;
}
