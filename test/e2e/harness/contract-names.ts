import { agentMetrics } from "../../../src/metrics/agent-metrics.ts";
import { FORECAST_METRICS, FORECASTER_METRICS } from "../../../src/metrics/forecast-metrics.ts";
import type { OwnMetric } from "../../../src/metrics/own-metric.ts";
import { SYSTEM_METRICS } from "../../../src/metrics/system-metrics.ts";
import { prometheusName } from "../../../src/prometheus/metric-name.ts";

const agents = agentMetrics("ai_cloud");

/** Gauges that are forecast in every process that has agents and tasks. */
export const forecastGauges: readonly string[] = [
  ...Object.values(SYSTEM_METRICS),
  agents.cpuUsage,
  agents.memoryUsage,
  agents.heapUsage,
  agents.eventLoopDelay,
  agents.successRate,
  agents.failureRate,
  agents.taskSuccessRate,
  agents.latencyP50,
  agents.latencyP95,
  agents.latencyP99,
  agents.failureRecoveryTime,
  agents.activeTasks,
].map(prometheusName);

/** A gauge and the gauges that predict it. */
export function withPredictions(gauge: string): string[] {
  return [gauge, `${gauge}_predicted`, `${gauge}_predicted_lower`, `${gauge}_predicted_upper`];
}

/** Series that only grow: a value that is read between two others lies between them. */
export const counters: readonly string[] = [
  agents.completedTasks,
  agents.failedTasks,
  agents.taskDuration,
  FORECASTER_METRICS.runs,
  FORECASTER_METRICS.runDuration,
].flatMap(seriesOf);

/** Metrics of the forecasts and of the forecaster itself. */
export const forecasterGauges: readonly string[] = [
  FORECAST_METRICS.slope,
  FORECAST_METRICS.errorRatio,
  FORECAST_METRICS.coverage,
  FORECAST_METRICS.ready,
  FORECASTER_METRICS.series,
].map(prometheusName);

function seriesOf(metric: OwnMetric): string[] {
  const name = prometheusName(metric);
  return metric.type === "histogram" ? ["bucket", "count", "sum"].map((of) => `${name}_${of}`) : [name];
}
