import { createRequire } from "node:module";
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

export type OtlpProtocol = keyof typeof OTLP_EXPORTERS;

/** How readers push. A setting is read only if a reader needs it. */
export interface PushSettings {
  readonly exportIntervalMillis: number;
  readonly exportTimeoutMillis: number;
  readonly otlpProtocol: OtlpProtocol;
  /** The time for one export over OTLP; `undefined`: the exporter's default. */
  readonly otlpTimeoutMillis: number | undefined;
}

/** Readers that push, one for each exporter that does. Each reads our producers beside the SDK's own metrics. */
export function pushReaders(
  exporters: readonly string[],
  metricProducers: MetricProducer[],
  settings: PushSettings,
): MetricReader[] {
  const pushing = exporters.filter((name) => name === "otlp" || name === "console");
  if (pushing.length === 0) return [];
  const { exportIntervalMillis } = settings;
  const exportTimeoutMillis = Math.min(settings.exportTimeoutMillis, exportIntervalMillis);
  return pushing.flatMap((name) => {
    const exporter = exporterNamed(name, exportTimeoutMillis, settings);
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
function exporterNamed(
  name: string,
  patienceMillis: number,
  settings: PushSettings,
): PushMetricExporter | undefined {
  try {
    return name === "otlp" ? otlpExporter(patienceMillis, settings) : new ConsoleMetricExporter();
  } catch (error) {
    const reason = messageOf(error);
    log.warn(
      `OTEL_METRICS_EXPORTER: ${name} can't be used as its variables have it (${reason}); ` +
        "nothing is pushed by it",
    );
    return undefined;
  }
}

function otlpExporter(
  patienceMillis: number,
  { otlpProtocol, otlpTimeoutMillis }: PushSettings,
): PushMetricExporter {
  if (otlpProtocol === "grpc" && !hasGrpc())
    throw new Error(`OTLP over gRPC needs a package that is not there: npm install ${GRPC_PACKAGE}`);
  const { OTLPMetricExporter } = OTLP_EXPORTERS[otlpProtocol]();
  const Exporter = endingInTime(OTLPMetricExporter, { patienceMillis, timeoutMillis: otlpTimeoutMillis });
  return new Exporter();
}
