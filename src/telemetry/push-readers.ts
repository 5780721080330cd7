import { createRequire } from "node:module";
import { diag } from "@opentelemetry/api";
import { getNumberFromEnv, getStringFromEnv } from "@opentelemetry/core";
import {
  ConsoleMetricExporter,
  type MetricProducer,
  type MetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";

/** Exporters are loaded when one is asked for: an application that is scraped does not pay for gRPC. */
const load = createRequire(import.meta.url);

const OTLP_PACKAGES: Readonly<Record<string, string>> = {
  grpc: "@opentelemetry/exporter-metrics-otlp-grpc",
  "http/json": "@opentelemetry/exporter-metrics-otlp-http",
  "http/protobuf": "@opentelemetry/exporter-metrics-otlp-proto",
};

/**
 * Readers that push, as `OTEL_METRICS_EXPORTER`, `OTEL_EXPORTER_OTLP_*` and `OTEL_METRIC_EXPORT_*` ask for them, each
 * with our producers beside the SDK's own metrics.
 */
export function pushReaders(exporters: readonly string[], metricProducers: MetricProducer[]): MetricReader[] {
  return exporters
    .map((name) =>
      name === "otlp" ? otlpExporter() : name === "console" ? new ConsoleMetricExporter() : undefined,
    )
    .filter((exporter) => exporter !== undefined)
    .map((exporter) => {
      const exportIntervalMillis = positive("OTEL_METRIC_EXPORT_INTERVAL", 60_000);
      const exportTimeoutMillis = Math.min(
        positive("OTEL_METRIC_EXPORT_TIMEOUT", 30_000),
        exportIntervalMillis,
      );
      return new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis,
        exportTimeoutMillis,
        metricProducers,
      });
    });
}

function otlpExporter(): PushMetricExporter {
  const asked =
    getStringFromEnv("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL") ??
    getStringFromEnv("OTEL_EXPORTER_OTLP_PROTOCOL");
  const protocol = asked ?? "http/protobuf";
  const known = OTLP_PACKAGES[protocol];
  if (known === undefined) {
    diag.warn(
      `otel-forecast: OTEL_EXPORTER_OTLP_PROTOCOL must be one of ${Object.keys(OTLP_PACKAGES).join(", ")}, ` +
        `got "${protocol}"; using http/protobuf instead`,
    );
  }
  const { OTLPMetricExporter } = load(known ?? "@opentelemetry/exporter-metrics-otlp-proto");
  return new OTLPMetricExporter();
}

function positive(variable: string, fallback: number): number {
  const value = getNumberFromEnv(variable);
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value > 0) return value;
  diag.warn(
    `otel-forecast: ${variable} must be a number of milliseconds above 0, got ${value}; using ${fallback} instead`,
  );
  return fallback;
}
