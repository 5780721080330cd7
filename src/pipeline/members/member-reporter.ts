import type { MetricProducer } from "@opentelemetry/sdk-metrics";
import { type MemberReport, reportOf } from "./member-report.ts";

/** Reports what the agents of a thread or child process do, every so often, for as long as anything else keeps it alive. */
export class MemberReporter {
  readonly #self: string;
  readonly #producers: readonly MetricProducer[];
  readonly #send: (report: MemberReport) => void;
  readonly #timer: NodeJS.Timeout;

  constructor(options: {
    self: string;
    producers: readonly MetricProducer[];
    everyMillis: number;
    send: (report: MemberReport) => void;
  }) {
    this.#self = options.self;
    this.#producers = options.producers;
    this.#send = options.send;
    this.#timer = setInterval(() => void this.report(), options.everyMillis);
    this.#timer.unref();
  }

  async report(): Promise<void> {
    const collected = await Promise.all(this.#producers.map((producer) => producer.collect()));
    this.#send(reportOf(this.#self, collected));
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
