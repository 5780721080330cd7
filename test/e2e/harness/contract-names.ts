/** Gauges that are forecast, as the README names them. */
export const forecastGauges: readonly string[] = [
  "system_cpu_usage_percent",
  "system_memory_usage_percent",
  "system_disk_usage_percent",
  "system_network_io_bytes_per_second",
  "system_latency_p50_seconds",
  "system_latency_p95_seconds",
  "system_latency_p99_seconds",
  "system_error_rate",
  "system_request_rate",
  "system_throughput",
  "ai_cloud_cpu_usage_percent",
  "ai_cloud_memory_usage_percent",
  "ai_cloud_success_rate",
  "ai_cloud_failure_rate",
  "ai_cloud_task_success_rate",
  "ai_cloud_latency_p50_seconds",
  "ai_cloud_latency_p95_seconds",
  "ai_cloud_latency_p99_seconds",
  "ai_cloud_failure_recovery_time_seconds",
  "ai_cloud_active_tasks",
];

/** What is shown of a gauge and of its future. */
export function withPredictions(gauge: string): string[] {
  return [gauge, `${gauge}_predicted`, `${gauge}_predicted_lower`, `${gauge}_predicted_upper`];
}

/** Series that only grow, and so are read at some moment between two others. */
export const counters: readonly string[] = [
  "ai_cloud_completed_tasks_total",
  "ai_cloud_failed_tasks_total",
  "ai_cloud_task_duration_seconds_bucket",
  "ai_cloud_task_duration_seconds_count",
  "ai_cloud_task_duration_seconds_sum",
  "forecast_runs_total",
  "forecast_run_duration_seconds_bucket",
  "forecast_run_duration_seconds_count",
  "forecast_run_duration_seconds_sum",
];

/** What the forecaster says of its forecasts and of itself. */
export const forecasterGauges: readonly string[] = [
  "forecast_slope_per_hour",
  "forecast_error_ratio",
  "forecast_interval_coverage",
  "forecast_ready",
  "forecast_series",
];
