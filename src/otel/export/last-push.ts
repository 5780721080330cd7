import { ExportResultCode } from "@opentelemetry/core";
import {
  PeriodicExportingMetricReader,
  type PeriodicExportingMetricReaderOptions,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { Hurry, hurried } from "../../core/hurry.ts";
import { withReadableErrors } from "../../core/readable-errors.ts";
import { inSlices } from "../../core/sliced-collection.ts";
import { eventLoop } from "../../system/event-loop.ts";
import { wallMillis } from "../../system/wall-clock.ts";
import type { OtlpExporterClass } from "./otlp-exporters.ts";
import { onPartialSuccess, type RejectedPoints } from "./partial-success.ts";

/**
 * The maximum time for the last push, with its retries. A process that ends waits two seconds for
 * everything.
 * While an exporter waits for its next attempt, the process keeps running, which cannot be changed
 * from outside.
 */
const LAST_PUSH_TIMEOUT_MILLIS = 1200;
/** The default of OTLP exporters. */
const DEFAULT_TIMEOUT_MILLIS = 10_000;

/** An exporter that can prepare for its last push. */
export interface LastPushExporter extends PushMetricExporter {
  /** From now on, every push is the last one: it has only the time that a process that ends has. */
  startLastPush?(): void;
  /** The last push was not the last: from now on, pushes have their usual time. */
  goOn?(): void;
}

/**
 * Limits the time of pushes. A push gives up when its reader stops waiting for it, so there are
 * never two pushes at once, between which a process would never end. The last push gives up in time
 * for the process to end.
 *
 * @param Exporter the class of OTLP exporters to limit.
 * @param readerTimeoutMillis how long the reader waits for a push.
 * @param timeoutMillis the configured time for one export. `undefined`: the exporter's default.
 */
export function timeLimited(
  Exporter: OtlpExporterClass,
  {
    readerTimeoutMillis,
    timeoutMillis,
    rejected,
  }: {
    readonly readerTimeoutMillis: number;
    readonly timeoutMillis: number | undefined;
    readonly rejected: RejectedPoints;
  },
): new () => LastPushExporter {
  return class OtlpExporter extends Exporter implements LastPushExporter {
    #last: PushMetricExporter | undefined;
    #isPushing = false;

    constructor() {
      const isTooLong = (timeoutMillis ?? DEFAULT_TIMEOUT_MILLIS) > readerTimeoutMillis;
      super(isTooLong ? { timeoutMillis: readerTimeoutMillis } : {});
      onPartialSuccess(this, rejected);
    }

    startLastPush(): void {
      if (this.#last !== undefined) return;
      this.#last = new Exporter({
        timeoutMillis: Math.min(timeoutMillis ?? LAST_PUSH_TIMEOUT_MILLIS, LAST_PUSH_TIMEOUT_MILLIS),
      });
      onPartialSuccess(this.#last, rejected);
    }

    goOn(): void {
      this.#last?.shutdown().catch(() => {});
      this.#last = undefined;
    }

    override export(...[metrics, done]: Parameters<PushMetricExporter["export"]>): void {
      if (this.#last !== undefined) {
        this.#last.export(metrics, done);
        return;
      }
      // Retries may exceed their time limit.
      if (this.#isPushing) {
        done({ code: ExportResultCode.FAILED, error: new Error("the previous push has not ended yet") });
        return;
      }
      const end: typeof done = (result) => {
        this.#isPushing = false;
        done(result);
      };
      this.#isPushing = true;
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

/** A reader that pushes at an interval, and lets its exporter prepare for the last push. */
export class PushReader extends PeriodicExportingMetricReader {
  readonly #target: LastPushExporter;
  readonly #hurry: Hurry;
  #isEnding = false;

  /** @param hurry begins when the monitor shuts down; default never. */
  constructor(options: PeriodicExportingMetricReaderOptions, hurry = new Hurry()) {
    super(options);
    this.#hurry = hurry;
    this.#target = options.exporter;
  }

  override setMetricProducer(
    producer: Parameters<PeriodicExportingMetricReader["setMetricProducer"]>[0],
  ): void {
    super.setMetricProducer(
      withReadableErrors(hurried(inSlices(producer, eventLoop, wallMillis), this.#hurry)),
    );
  }

  /** Pushes now, in the time that a process that ends has, and goes on. */
  async pushBriefly(): Promise<void> {
    this.#target.startLastPush?.();
    try {
      await this.forceFlush();
    } finally {
      if (!this.#isEnding) this.#target.goOn?.();
    }
  }

  protected override async onShutdown(): Promise<void> {
    this.#isEnding = true;
    this.#target.startLastPush?.();
    await super.onShutdown();
  }
}
