import { describe, expect, it } from "vitest";
import { agentMetrics } from "../../src/metrics/agent-metrics.ts";
import {
  FORECAST_METRICS,
  FORECASTER_METRICS,
  predictedMetrics,
} from "../../src/metrics/forecast-metrics.ts";
import { GATEWAY_METRICS } from "../../src/metrics/gateway-metrics.ts";
import type { OwnMetric } from "../../src/metrics/own-metric.ts";
import { levelMetrics } from "../../src/metrics/recorded-fields.ts";
import { SYSTEM_METRICS } from "../../src/metrics/system-metrics.ts";
import { prometheusName } from "../../src/prometheus/metric-name.ts";

function namesOf(metrics: Readonly<Record<string, OwnMetric>>): string[] {
  return Object.values(metrics).map(prometheusName).toSorted();
}

// Users, dashboards and rules depend on these names. They are typed here a second time on purpose.
describe("the Prometheus names that users depend on", () => {
  it("of the system", () => {
    expect(namesOf(SYSTEM_METRICS)).toEqual([
      "system_cpu_usage_percent",
      "system_disk_usage_percent",
      "system_error_rate",
      "system_latency_p50_seconds",
      "system_latency_p95_seconds",
      "system_latency_p99_seconds",
      "system_memory_usage_percent",
      "system_network_io_bytes_per_second",
      "system_request_rate",
      "system_throughput",
    ]);
  });

  it("of agents", () => {
    expect(namesOf(agentMetrics("ai_cloud"))).toEqual([
      "ai_cloud_active_tasks",
      "ai_cloud_cancelled_tasks_total",
      "ai_cloud_completed_tasks_per_second",
      "ai_cloud_completed_tasks_total",
      "ai_cloud_cost_per_second",
      "ai_cloud_cost_today",
      "ai_cloud_cost_total",
      "ai_cloud_cpu_usage_percent",
      "ai_cloud_event_loop_delay_p99_seconds",
      "ai_cloud_failed_recoveries_total",
      "ai_cloud_failed_tasks_per_second",
      "ai_cloud_failed_tasks_total",
      "ai_cloud_failure_rate",
      "ai_cloud_failure_recovery_duration_seconds",
      "ai_cloud_failure_recovery_time_seconds",
      "ai_cloud_failures_total",
      "ai_cloud_first_token_duration_seconds",
      "ai_cloud_first_token_p95_seconds",
      "ai_cloud_heap_usage_percent",
      "ai_cloud_latency_p50_seconds",
      "ai_cloud_latency_p95_seconds",
      "ai_cloud_latency_p99_seconds",
      "ai_cloud_lost_tasks_total",
      "ai_cloud_memory_usage_percent",
      "ai_cloud_model_cost_total",
      "ai_cloud_model_tokens_total",
      "ai_cloud_open_failures",
      "ai_cloud_repeated_tool_calls_per_second",
      "ai_cloud_repeated_tool_calls_total",
      "ai_cloud_resource_consumption",
      "ai_cloud_retried_attempts_total",
      "ai_cloud_run_model_calls_p95",
      "ai_cloud_run_tool_calls_p95",
      "ai_cloud_succeeded_attempts_total",
      "ai_cloud_success_rate",
      "ai_cloud_task_duration_seconds",
      "ai_cloud_task_success_rate",
      "ai_cloud_tokens_per_second",
      "ai_cloud_tokens_today",
      "ai_cloud_tokens_total",
    ]);
  });

  it("of forecasts and of the forecaster", () => {
    expect(namesOf({ ...FORECAST_METRICS, ...FORECASTER_METRICS })).toEqual([
      "forecast_action_runs_total",
      "forecast_alert_state",
      "forecast_backtest_error_ratio",
      "forecast_day_end",
      "forecast_day_end_lower",
      "forecast_day_end_upper",
      "forecast_error_ratio",
      "forecast_interval_coverage",
      "forecast_ready",
      "forecast_run_duration_seconds",
      "forecast_runs_total",
      "forecast_series",
      "forecast_series_dropped_total",
      "forecast_skipped_total",
      "forecast_slope_per_hour",
      "forecast_time_to_threshold_seconds",
    ]);
    expect(namesOf({ ...predictedMetrics("x_seconds") })).toEqual([
      "x_seconds_predicted",
      "x_seconds_predicted_lower",
      "x_seconds_predicted_upper",
    ]);
  });

  it("of a gateway", () => {
    expect(namesOf(GATEWAY_METRICS)).toEqual([
      "forecast_gateway_backfill_pending",
      "forecast_gateway_config_last_reload_success_timestamp_seconds",
      "forecast_gateway_config_last_reload_successful",
      "forecast_gateway_dropped_total",
      "forecast_gateway_kafka_commits_total",
      "forecast_gateway_kafka_lag",
      "forecast_gateway_kafka_rebalances_total",
      "forecast_gateway_kafka_records_total",
      "forecast_gateway_oldest_forecast_age_seconds",
      "forecast_gateway_received_total",
      "forecast_gateway_refused_total",
      "forecast_gateway_state_bytes",
      "forecast_gateway_streams",
    ]);
  });

  it("of levels, which are those of measured metrics", () => {
    const recorded = levelMetrics("ai_cloud").map(({ name }) => name);
    const measured = [SYSTEM_METRICS, agentMetrics("ai_cloud")].flatMap((metrics) =>
      Object.values(metrics).map(({ name }) => name),
    );
    expect(recorded.filter((name) => !measured.includes(name))).toEqual([]);
    expect(new Set(recorded).size).toBe(recorded.length);
  });
});

it("have one description each", () => {
  const all = [SYSTEM_METRICS, agentMetrics("a"), FORECAST_METRICS, FORECASTER_METRICS].flatMap((metrics) =>
    Object.values<OwnMetric>(metrics),
  );
  expect(all.filter(({ description }) => description.length < 8)).toEqual([]);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
