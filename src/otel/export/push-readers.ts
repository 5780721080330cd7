import { createRequire } from "node:module";
import { getStringFromEnv } from "@opentelemetry/core";
import {
  ConsoleMetricExporter,
  type MetricProducer,
  type MetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { GRPC_PACKAGE, hasGrpc } from "./grpc.ts";
import { endingInTime, type OtlpExporterClass, PushReader } from "./last-push.ts";

/** Exporters are loaded when one is asked for: an application that is scraped does not pay for gRPC. */
const load = createRequire(import.meta.url);

const OTLP_EXPORTERS = {
  grpc: () => load("@opentelemetry/exporter-metrics-otlp-grpc"),
  "http/json": () => load("@opentelemetry/exporter-metrics-otlp-http"),
  "http/protobuf": () => load("@opentelemetry/exporter-metrics-otlp-proto"),
} as const satisfies Record<string, () => { readonly OTLPMetricExporter: OtlpExporterClass }>;

type Protocol = keyof typeof OTLP_EXPORTERS;

/** The one for metrics goes before the one for all signals. */
const OTLP_VARIABLES = ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
const DEFAULT_PROTOCOL: Protocol = "http/protobuf";
/** A timer of Node that is set for longer goes off at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Readers that push, as `OTEL_METRICS_EXPORTER`, `OTEL_EXPORTER_OTLP_*` and `OTEL_METRIC_EXPORT_*` ask for them, each
 * with our producers beside the SDK's own metrics.
 */
export function pushReaders(exporters: readonly string[], metricProducers: MetricProducer[]): MetricReader[] {
  const pushing = exporters.filter((name) => name === "otlp" || name === "console");
  if (pushing.length === 0) return [];
  const exportIntervalMillis = milliseconds("OTEL_METRIC_EXPORT_INTERVAL", 60_000);
  const exportTimeoutMillis = Math.min(
    milliseconds("OTEL_METRIC_EXPORT_TIMEOUT", 30_000),
    exportIntervalMillis,
  );
  return pushing.flatMap((name) => {
    const exporter = exporterNamed(name, exportTimeoutMillis);
    if (exporter === undefined) return [];
    return new PushReader({
      exporter,
      exportIntervalMillis,
      exportTimeoutMillis,
      metricProducers,
    });
  });
}

/** An exporter that its own variables make impossible (an endpoint that is no URL) costs itself alone. */
function exporterNamed(name: string, patienceMillis: number): PushMetricExporter | undefined {
  try {
    return name === "otlp" ? otlpExporter(patienceMillis) : new ConsoleMetricExporter();
  } catch (error) {
    const reason = messageOf(error);
    log.warn(
      `OTEL_METRICS_EXPORTER: ${name} can't be used as its variables have it (${reason}); ` +
        "nothing is pushed by it",
    );
    return undefined;
  }
}

function otlpExporter(patienceMillis: number): PushMetricExporter {
  const protocol = askedProtocol();
  if (protocol === "grpc" && !hasGrpc())
    throw new Error(`OTLP over gRPC needs a package that is not there: npm install ${GRPC_PACKAGE}`);
  const { OTLPMetricExporter } = OTLP_EXPORTERS[protocol]();
  const Exporter = endingInTime(OTLPMetricExporter, patienceMillis);
  return new Exporter();
}

function askedProtocol(): Protocol {
  const variable = OTLP_VARIABLES.find((name) => getStringFromEnv(name) !== undefined);
  const asked = variable === undefined ? DEFAULT_PROTOCOL : (getStringFromEnv(variable) as string);
  if (Object.hasOwn(OTLP_EXPORTERS, asked)) return asked as Protocol;
  log.warn(
    `${variable} must be one of ${Object.keys(OTLP_EXPORTERS).join(", ")}, ` +
      `got "${asked}"; using ${DEFAULT_PROTOCOL} instead`,
  );
  return DEFAULT_PROTOCOL;
}

function milliseconds(variable: string, fallback: number): number {
  const given = getStringFromEnv(variable);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (value > 0 && value <= LONGEST_TIMER) return value;
  log.warn(
    `${variable} must be a number of milliseconds above 0 and at most ${LONGEST_TIMER}, ` +
      `got "${given}"; using ${fallback} instead`,
  );
  return fallback;
}
