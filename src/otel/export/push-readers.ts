import {
  ConsoleMetricExporter,
  type MetricProducer,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import type { Hurry } from "../../core/hurry.ts";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { PushReader, timeLimited } from "./last-push.ts";
import { type OtlpProtocol, otlpExporterClass } from "./otlp-exporters.ts";
import type { RejectedPoints } from "./partial-success.ts";
import { PreferredTemporality, temporalityOf } from "./preferred-temporality.ts";

/** How readers push. A setting is read only if a reader needs it. */
export interface PushSettings {
  readonly exportIntervalMillis: number;
  readonly exportTimeoutMillis: number;
  readonly otlpProtocol: OtlpProtocol;
  /** The time for one export over OTLP; `undefined`: the exporter's default. */
  readonly otlpTimeoutMillis: number | undefined;
  /** @throws Error that names a variable with which an exporter over this protocol cannot push. */
  checkOtlp(protocol: OtlpProtocol): void;
}

/** How the monitor shares in what its readers push. */
export interface PushParts {
  /** Begins when the monitor shuts down. */
  readonly hurry?: Hurry;
  readonly rejected?: RejectedPoints;
}

/**
 * Readers that push, one for each exporter that does. Each reads our producers beside the SDK's own
 * metrics, in the temporality that its exporter prefers.
 *
 * @param metricProducers is read at each push: it may change.
 */
export function pushReaders(
  exporters: readonly string[],
  metricProducers: readonly MetricProducer[],
  settings: PushSettings,
  { hurry, rejected = () => {} }: PushParts = {},
): PushReader[] {
  const pushing = exporters.filter((name) => name === "otlp" || name === "console");
  if (pushing.length === 0) return [];
  const { exportIntervalMillis } = settings;
  const exportTimeoutMillis = Math.min(settings.exportTimeoutMillis, exportIntervalMillis);
  return pushing.flatMap((name) => {
    const exporter = exporterNamed(name, () => otlpExporter(exportTimeoutMillis, settings, rejected));
    if (exporter === undefined) return [];
    const options = {
      exporter,
      exportIntervalMillis,
      exportTimeoutMillis,
      metricProducers: [new PreferredTemporality(metricProducers, temporalityOf(exporter))],
    };
    return new PushReader(options, hurry);
  });
}

/**
 * `undefined` if the variables of the exporter are invalid, for example an endpoint that is not a
 * URL.
 */
function exporterNamed(name: string, otlp: () => PushMetricExporter): PushMetricExporter | undefined {
  try {
    return name === "otlp" ? otlp() : new ConsoleMetricExporter();
  } catch (error) {
    const reason = messageOf(error);
    log.warn(
      `OTEL_METRICS_EXPORTER: ${name} cannot be used with its variables (${reason}); it pushes nothing`,
    );
    return undefined;
  }
}

function otlpExporter(
  readerTimeoutMillis: number,
  settings: PushSettings,
  rejected: RejectedPoints,
): PushMetricExporter {
  const { otlpProtocol, otlpTimeoutMillis } = settings;
  settings.checkOtlp(otlpProtocol);
  const Exporter = timeLimited(otlpExporterClass(otlpProtocol), {
    readerTimeoutMillis,
    timeoutMillis: otlpTimeoutMillis,
    rejected,
  });
  return new Exporter();
}
