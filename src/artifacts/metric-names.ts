import { prometheusName } from "../prometheus/metric-name.ts";

/**
 * Prometheus names of what is published beside the metrics that views make: what the forecaster says of itself, and the
 * instruments of agents that fleets are summed up from. A test holds them to what a running process shows.
 */
export const FORECASTER = {
  ready: "forecast_ready",
  errorRatio: "forecast_error_ratio",
  coverage: "forecast_interval_coverage",
  timeToThreshold: "forecast_time_to_threshold_seconds",
  slope: "forecast_slope_per_hour",
  dayEnd: "forecast_day_end",
  dayEndLower: "forecast_day_end_lower",
  dayEndUpper: "forecast_day_end_upper",
  series: "forecast_series",
  seriesDropped: "forecast_series_dropped_total",
  skipped: "forecast_skipped_total",
  runs: "forecast_runs_total",
  runDuration: "forecast_run_duration_seconds",
} as const;

/** The label that says of which share of outcomes an interval speaks. */
export const LEVEL = "0.8";

export interface AgentMetricNames {
  /** Histogram of the durations of tasks; `error_type` is empty where a task succeeded. */
  readonly taskDuration: string;
  /** Histogram of the times from failures to their recoveries. */
  readonly recoveryDuration: string;
  readonly openFailures: string;
  readonly activeTasks: string;
  readonly taskSuccessRate: string;
  readonly recoveryTime: string;
}

export function agentMetricNames(namespace: string): AgentMetricNames {
  const gauge = (name: string, unit = ""): string =>
    prometheusName({ name: `${namespace}.${name}`, unit, type: "gauge" });
  const seconds = (name: string): string =>
    prometheusName({ name: `${namespace}.${name}`, unit: "s", type: "histogram" });
  return {
    taskDuration: seconds("task.duration"),
    recoveryDuration: seconds("failure.recovery_duration"),
    openFailures: gauge("open_failures"),
    activeTasks: gauge("active_tasks"),
    taskSuccessRate: gauge("task_success_rate"),
    recoveryTime: gauge("failure_recovery_time", "s"),
  };
}

/** Metrics that say what is predicted of a metric, each with a `horizon`. */
export function predictionsOf(metric: string): { predicted: string; lower: string; upper: string } {
  return {
    predicted: `${metric}_predicted`,
    lower: `${metric}_predicted_lower`,
    upper: `${metric}_predicted_upper`,
  };
}
