import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MetricIdentity, prometheusName } from "../../src/prometheus/metric-name.ts";

type Case = [name: string, unit: string, type: MetricIdentity["type"], expected: string];

/** The Prometheus names of our metrics, which dashboards depend on. */
const ours: Case[] = [
  ["system.cpu.usage_percent", "%", "gauge", "system_cpu_usage_percent"],
  ["system.memory.usage_percent", "%", "gauge", "system_memory_usage_percent"],
  ["system.network.io_bytes_per_second", "By/s", "gauge", "system_network_io_bytes_per_second"],
  ["system.network.io_bytes_per_second", "", "gauge", "system_network_io_bytes_per_second"],
  ["system.latency.p99", "s", "gauge", "system_latency_p99_seconds"],
  ["system.error_rate", "", "gauge", "system_error_rate"],
  ["system.throughput", "", "gauge", "system_throughput"],
  ["ai_cloud.latency.p95", "s", "gauge", "ai_cloud_latency_p95_seconds"],
  ["ai_cloud.success_rate", "", "gauge", "ai_cloud_success_rate"],
  ["ai_cloud.failure_recovery_time", "s", "gauge", "ai_cloud_failure_recovery_time_seconds"],
  ["ai_cloud.active_tasks", "{task}", "up-down-counter", "ai_cloud_active_tasks"],
  ["ai_cloud.completed_tasks", "", "counter", "ai_cloud_completed_tasks_total"],
  ["ai_cloud.task.duration", "s", "histogram", "ai_cloud_task_duration_seconds"],
  ["ai_cloud_latency_p95_seconds_predicted", "", "gauge", "ai_cloud_latency_p95_seconds_predicted"],
  ["forecast.slope_per_hour", "", "gauge", "forecast_slope_per_hour"],
  ["forecast.time_to_threshold", "s", "gauge", "forecast_time_to_threshold_seconds"],
  ["forecast.error_ratio", "", "gauge", "forecast_error_ratio"],
  ["forecast.run.duration", "s", "histogram", "forecast_run_duration_seconds"],
  ["forecast.runs", "{run}", "counter", "forecast_runs_total"],
];

/**
 * Names of the semantic conventions (https://opentelemetry.io/docs/specs/semconv/), as the
 * Prometheus documentation and the Collector show them.
 */
const conventions: Case[] = [
  ["http.server.request.duration", "s", "histogram", "http_server_request_duration_seconds"],
  ["http.server.active_requests", "{request}", "up-down-counter", "http_server_active_requests"],
  ["process.memory.usage", "By", "up-down-counter", "process_memory_usage_bytes"],
  ["process.cpu.time", "s", "counter", "process_cpu_time_seconds_total"],
  ["process.cpu.utilization", "1", "gauge", "process_cpu_utilization_ratio"],
  ["system.cpu.utilization", "1", "gauge", "system_cpu_utilization_ratio"],
  ["system.network.io", "By", "counter", "system_network_io_bytes_total"],
  ["nodejs.eventloop.utilization", "1", "gauge", "nodejs_eventloop_utilization_ratio"],
  ["nodejs.eventloop.delay.p99", "s", "gauge", "nodejs_eventloop_delay_p99_seconds"],
  ["v8js.memory.heap.used", "By", "up-down-counter", "v8js_memory_heap_used_bytes"],
  ["gen_ai.client.token.usage", "{token}", "histogram", "gen_ai_client_token_usage"],
  ["gen_ai.client.operation.duration", "s", "histogram", "gen_ai_client_operation_duration_seconds"],
];

/**
 * The cases of github.com/prometheus/otlptranslator, metric_namer_test.go (commit 51da7739), that
 * use suffixes and escape underscores and no namespace; non-monotonic counters are our up-down
 * counters.
 */
const reference: Case[] = [
  ["requests", "", "counter", "requests_total"],
  ["cpu_usage", "1", "gauge", "cpu_usage_ratio"],
  ["items", "1", "counter", "items_total"],
  ["response_time", "ms", "gauge", "response_time_milliseconds"],
  ["memory_usage", "By", "gauge", "memory_usage_bytes"],
  ["requests", "1/s", "gauge", "requests_per_second"],
  ["throughput", "By/s", "gauge", "throughput_bytes_per_second"],
  ["custom_metric", "custom_unit", "gauge", "custom_metric_custom_unit"],
  ["custom_metric", "{custom}", "gauge", "custom_metric"],
  ["custom_metric", "By/{custom}", "gauge", "custom_metric_bytes"],
  ["requests_total", "", "counter", "requests_total"],
  ["cpu_usage_ratio", "1", "gauge", "cpu_usage_ratio"],
  ["response_time_seconds", "s", "gauge", "response_time_seconds"],
  [
    "metric__with__multiple__underscores",
    "unit__multiple__underscores",
    "gauge",
    "metric_with_multiple_underscores_unit_multiple_underscores",
  ],
  ["custom_metric", "unit@with#special/chars", "gauge", "custom_metric_unit_with_special_per_chars"],
  ["@#$%", "", "gauge", ""],
  ["request_duration", "s", "histogram", "request_duration_seconds"],
  ["request_size", "By", "histogram", "request_size_bytes"],
  ["active_connections", "", "up-down-counter", "active_connections"],
  ["uptime", "d", "gauge", "uptime_days"],
  ["duration", "h", "gauge", "duration_hours"],
  ["timeout", "min", "gauge", "timeout_minutes"],
  ["latency", "us", "gauge", "latency_microseconds"],
  ["precision_time", "ns", "gauge", "precision_time_nanoseconds"],
  ["cache_size", "KiBy", "gauge", "cache_size_kibibytes"],
  ["memory", "MiBy", "gauge", "memory_mebibytes"],
  ["storage", "GiBy", "gauge", "storage_gibibytes"],
  ["capacity", "TiBy", "gauge", "capacity_tibibytes"],
  ["transfer", "KBy", "gauge", "transfer_kilobytes"],
  ["download", "MBy", "gauge", "download_megabytes"],
  ["backup", "GBy", "gauge", "backup_gigabytes"],
  ["archive", "TBy", "gauge", "archive_terabytes"],
  ["distance", "m", "gauge", "distance_meters"],
  ["voltage", "V", "gauge", "voltage_volts"],
  ["current", "A", "gauge", "current_amperes"],
  ["energy", "J", "gauge", "energy_joules"],
  ["power", "W", "gauge", "power_watts"],
  ["weight", "g", "gauge", "weight_grams"],
  ["temperature", "Cel", "gauge", "temperature_celsius"],
  ["frequency", "Hz", "gauge", "frequency_hertz"],
  ["cpu_usage", "%", "gauge", "cpu_usage_percent"],
  ["requests", "1/m", "gauge", "requests_per_minute"],
  ["events", "1/h", "gauge", "events_per_hour"],
  ["transactions", "1/d", "gauge", "transactions_per_day"],
  ["reports", "1/w", "gauge", "reports_per_week"],
  ["invoices", "1/mo", "gauge", "invoices_per_month"],
  ["renewals", "1/y", "gauge", "renewals_per_year"],
  ["custom", "1/custom_unit", "gauge", "custom_per_custom_unit"],
  ["metric", "By/", "gauge", "metric_bytes"],
  ["metric", " By / s ", "gauge", "metric_bytes_per_second"],
  ["metric", "/", "gauge", "metric"],
  ["http.request.duration", "ms", "histogram", "http_request_duration_milliseconds"],
  ["http.requests", "1", "counter", "http_requests_total"],
];

/** Corner cases of the rules. */
const corners: Case[] = [
  ["123metric", "", "gauge", "_123metric"],
  ["total.requests", "", "counter", "requests_total"],
  ["ratio.of.hits", "1", "gauge", "of_hits_ratio"],
  ["replicas", "1", "up-down-counter", "replicas"],
  ["bytes.sent", "By", "counter", "bytes_sent_total"],
  ["seconds", "s", "gauge", "seconds"],
  ["a:b", "", "gauge", "a:b"],
  [".lead.and.trail.", "", "gauge", "lead_and_trail"],
  ["größe", "", "gauge", "gr_e"],
  ["", "s", "gauge", ""],
];

describe.each([
  ["of this project", ours],
  ["of the semantic conventions", conventions],
  ["of the reference translator", reference],
  ["of corners", corners],
])("prometheusName %s", (_, cases) => {
  it.each(cases)("translates %j in %j, a %s, to %j", (name, unit, type, expected) => {
    expect(prometheusName({ name, unit, type })).toBe(expected);
  });
});

describe("prometheusName of anything", () => {
  it("is a name that Prometheus accepts, without double underscores, or empty", () => {
    const type = fc.constantFrom<MetricIdentity["type"]>("gauge", "counter", "up-down-counter", "histogram");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), type, (name, unit, kind) => {
        expect(prometheusName({ name, unit, type: kind })).toMatch(/^$|^(?!.*__)[a-zA-Z_:][a-zA-Z0-9_:]*$/);
      }),
    );
  });

  it("does not change if it is translated again", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("s", "By", "%", "By/s", "1"),
        (name, unit) => {
          const once = prometheusName({ name, unit, type: "gauge" });
          fc.pre(once !== "");
          expect(prometheusName({ name: once, unit, type: "gauge" })).toBe(once);
        },
      ),
    );
  });
});
