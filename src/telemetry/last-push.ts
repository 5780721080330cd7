import { getNumberFromEnv } from "@opentelemetry/core";
import {
  PeriodicExportingMetricReader,
  type PeriodicExportingMetricReaderOptions,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";

/** An exporter of OTLP; tries again what failed, until the time for one export is over. */
export type OtlpExporterClass = new (options?: { readonly timeoutMillis?: number }) => PushMetricExporter;

/**
 * The last push has so long at the most, its retries included. An exporter's wait for its next attempt keeps the process
 * running, and nothing can be done about that from outside; a process that ends waits for five seconds.
 */
const LAST_PUSH_MILLIS = 4500;
/** The one for metrics goes before the one for all signals. */
const TIMEOUT_VARIABLES = ["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];

/** An exporter that can be told that what comes is its last. */
export interface EndingExporter extends PushMetricExporter {
  beginLast?(): void;
}

/** Exporters of a class whose last push gives up in time for the process to end. */
export function endingInTime(Exporter: OtlpExporterClass): new () => EndingExporter {
  return class OtlpExporter extends Exporter implements EndingExporter {
    #last: PushMetricExporter | undefined;

    beginLast(): void {
      this.#last ??= new Exporter({ timeoutMillis: lastPushMillis() });
    }

    override export(...given: Parameters<PushMetricExporter["export"]>): void {
      if (this.#last === undefined) super.export(...given);
      else this.#last.export(...given);
    }

    override async forceFlush(): Promise<void> {
      await Promise.all([super.forceFlush(), this.#last?.forceFlush()]);
    }

    override async shutdown(): Promise<void> {
      await Promise.all([super.shutdown(), this.#last?.shutdown()]);
    }
  };
}

/** A reader that tells its exporter when it pushes for the last time. */
export class PushReader extends PeriodicExportingMetricReader {
  readonly #target: EndingExporter;

  constructor(options: PeriodicExportingMetricReaderOptions) {
    super(options);
    this.#target = options.exporter;
  }

  protected override async onShutdown(): Promise<void> {
    this.#target.beginLast?.();
    await super.onShutdown();
  }
}

function lastPushMillis(): number {
  const asked = TIMEOUT_VARIABLES.map((name) => getNumberFromEnv(name)).find(
    (it) => it !== undefined && Number.isFinite(it) && it > 0,
  );
  return Math.min(asked ?? LAST_PUSH_MILLIS, LAST_PUSH_MILLIS);
}
