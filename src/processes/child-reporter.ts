import { clearInterval, setInterval } from "node:timers";
import type { MetricProducer } from "@opentelemetry/sdk-metrics";
import { type ChildReport, reportOf } from "./child-report.ts";
import type { WorkerReport } from "./worker-report.ts";

/** Where reports go. */
export interface ReportSink {
  /** Whether a report would be taken now; always, unless given. */
  readonly isFree?: boolean;
  send(report: ChildReport): void;
}

/** Reports what a thread or process does, every so often, for as long as anything else keeps it alive. */
export class ChildReporter {
  readonly #self: string;
  readonly #producers: readonly MetricProducer[];
  readonly #worker: (() => Promise<WorkerReport>) | undefined;
  readonly #way: ReportSink;
  readonly #everyMillis: number;
  #timer: NodeJS.Timeout | undefined;
  #current: Promise<void> | undefined;

  /** @param options `worker` gives what the application's instruments measure, where that is reported too. */
  constructor(options: {
    self: string;
    producers: readonly MetricProducer[];
    everyMillis: number;
    way: ReportSink;
    worker?: (() => Promise<WorkerReport>) | undefined;
  }) {
    this.#self = options.self;
    this.#producers = options.producers;
    this.#worker = options.worker;
    this.#way = options.way;
    this.#everyMillis = options.everyMillis;
  }

  /** Reports now, and from now on. */
  async start(): Promise<void> {
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.report(), this.#everyMillis);
      this.#timer.unref();
    }
    await this.report();
  }

  /** One report at a time; none while the one before it is still under way. */
  report(): Promise<void> {
    this.#current ??= this.#report().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #report(): Promise<void> {
    if (this.#way.isFree === false) return;
    const collected = await Promise.all(this.#producers.map((producer) => producer.collect()));
    const worker = await this.#worker?.();
    this.#way.send({ ...reportOf(this.#self, collected), ...(worker === undefined ? {} : { worker }) });
  }
}
