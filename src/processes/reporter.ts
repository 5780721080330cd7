import { clearInterval, setInterval } from "node:timers";
import type { MetricProducer } from "@opentelemetry/sdk-metrics";
import { kindOfError } from "../core/error-type.ts";
import { log } from "../logging/component-logger.ts";
import { LogOnce } from "../logging/log-once.ts";
import { type Report, reportOf } from "./report.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

/** Where reports are sent. */
export interface ReportSink {
  /** Whether a report can be sent now. Always, unless specified. */
  readonly isFree?: boolean;
  /** Returns `false` if nobody gets it. */
  send(report: Report): boolean;
}

/** Reports the agents of a thread or process at an interval. Does not keep the process alive. */
export class Reporter {
  readonly #self: string;
  readonly #producers: readonly MetricProducer[];
  readonly #worker: (() => Promise<WorkerMetrics>) | undefined;
  readonly #onUnsent: (worker: WorkerMetrics) => void;
  readonly #used: (() => Report["used"]) | undefined;
  readonly #sink: ReportSink;
  readonly #everyMillis: number;
  #timer: NodeJS.Timeout | undefined;
  #current: Promise<void> | undefined;
  readonly #logged = new LogOnce();

  /**
   * @param options.self name of the agent that the thread or process is.
   * @param options.producers the series to report.
   * @param options.worker the metrics of the application's instruments, if they are reported too:
   * by a worker of a cluster.
   * @param options.onUnsent receives those metrics if nobody got the report.
   * @param options.used what was used today, if it is reported too.
   */
  constructor(options: {
    self: string;
    producers: readonly MetricProducer[];
    everyMillis: number;
    sink: ReportSink;
    worker?: (() => Promise<WorkerMetrics>) | undefined;
    onUnsent?: (worker: WorkerMetrics) => void;
    used?: () => Report["used"];
  }) {
    this.#self = options.self;
    this.#producers = options.producers;
    this.#worker = options.worker;
    this.#onUnsent = options.onUnsent ?? (() => {});
    this.#used = options.used;
    this.#sink = options.sink;
    this.#everyMillis = options.everyMillis;
  }

  /** Reports now, and then at the interval. */
  async start(): Promise<void> {
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.report(), this.#everyMillis);
      this.#timer.unref();
    }
    await this.report();
  }

  /** Reports for the last time, also if the report before is still being made or sent. */
  async reportLast(): Promise<void> {
    this.stop();
    await this.#current;
    await this.#report();
  }

  /** Makes and sends a report. A call while another is under way gets the promise of that one. */
  report(): Promise<void> {
    if (this.#sink.isFree === false) return this.#current ?? Promise.resolve();
    this.#current ??= this.#report().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Nobody waits for most reports, so none of them may reject: that would end the app. */
  async #report(): Promise<void> {
    try {
      await this.#makeAndSend();
    } catch (error) {
      const line = `a report to the process that shows this one failed: ${kindOfError(error)}`;
      this.#logged.log("failed", () => log.warn(line));
    }
  }

  async #makeAndSend(): Promise<void> {
    const collected = await Promise.all(this.#producers.map((producer) => producer.collect()));
    const worker = await this.#worker?.();
    const used = this.#used?.();
    const isSent = this.#sink.send({
      ...reportOf(this.#self, collected),
      ...(worker === undefined ? {} : { worker }),
      ...(used === undefined ? {} : { used }),
    });
    if (!isSent && worker !== undefined) this.#onUnsent(worker);
  }
}
