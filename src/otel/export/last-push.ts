import { ExportResultCode } from "@opentelemetry/core";
import {
  PeriodicExportingMetricReader,
  type PeriodicExportingMetricReaderOptions,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { withReadableErrors } from "../../core/readable-errors.ts";

/** An exporter of OTLP; tries again what failed, until the time for one export is over. */
export type OtlpExporterClass = new (options?: { readonly timeoutMillis?: number }) => PushMetricExporter;

/**
 * The last push has so long at the most, its retries included. An exporter's wait for its next attempt keeps the process
 * running, and nothing can be done about that from outside; a process that ends waits for five seconds.
 */
const LAST_PUSH_MILLIS = 4500;
/** What an exporter takes for one export at the most, unless a variable says otherwise. */
const EXPORT_MILLIS = 10_000;

/** An exporter that can be told that what comes is its last. */
export interface EndingExporter extends PushMetricExporter {
  beginLast?(): void;
}

/**
 * Exporters of a class whose pushes give up when their reader does, so that no two are under way at once: a process would
 * never end between them. The last push gives up in time for the process to end.
 *
 * @param patienceMillis how long the reader waits for a push
 * @param timeoutMillis the configured time for one export; `undefined`: the exporter's default
 */
export function endingInTime(
  Exporter: OtlpExporterClass,
  {
    patienceMillis,
    timeoutMillis,
  }: { readonly patienceMillis: number; readonly timeoutMillis: number | undefined },
): new () => EndingExporter {
  return class OtlpExporter extends Exporter implements EndingExporter {
    #last: PushMetricExporter | undefined;
    #isUnderWay = false;

    constructor() {
      super((timeoutMillis ?? EXPORT_MILLIS) > patienceMillis ? { timeoutMillis: patienceMillis } : {});
    }

    beginLast(): void {
      this.#last ??= new Exporter({
        timeoutMillis: Math.min(timeoutMillis ?? LAST_PUSH_MILLIS, LAST_PUSH_MILLIS),
      });
    }

    override export(...[metrics, done]: Parameters<PushMetricExporter["export"]>): void {
      if (this.#last !== undefined) {
        this.#last.export(metrics, done);
        return;
      }
      // Retries may take longer than they are given.
      if (this.#isUnderWay) {
        done({ code: ExportResultCode.FAILED, error: new Error("the push before it is still under way") });
        return;
      }
      const end: typeof done = (result) => {
        this.#isUnderWay = false;
        done(result);
      };
      this.#isUnderWay = true;
      try {
        super.export(metrics, end);
      } catch (error) {
        end({ code: ExportResultCode.FAILED, error: error as Error });
      }
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

  override setMetricProducer(
    producer: Parameters<PeriodicExportingMetricReader["setMetricProducer"]>[0],
  ): void {
    super.setMetricProducer(withReadableErrors(producer));
  }

  protected override async onShutdown(): Promise<void> {
    this.#target.beginLast?.();
    await super.onShutdown();
  }
}
