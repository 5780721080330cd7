import type { Histogram, Meter } from "@opentelemetry/api";
import { agentMetrics, eventLoopDelays } from "../../metrics/agent-metrics.ts";
import { createHistogram, createObservableGauge } from "../../otel/create-instrument.ts";
import type { TimerSource } from "../ticker.ts";
import { RESOLUTION_MILLIS } from "./event-loop-delay.ts";

/** A longer delay means that the process was suspended: its event loop was not busy. */
const SUSPENSION_MILLIS = 60_000;

/** What the JavaScript runtime of a thread is measured with. */
export interface RuntimeSources {
  readonly timers: TimerSource;
  /** Milliseconds of a monotonic clock. */
  elapsedMillis(): number;
  /** Called while the event loop runs. */
  beat?(): void;
  /** The used share of the heap's limit, 0 to 100; `undefined` if it is not known. */
  heapPercent(): number | undefined;
}

/**
 * Measures the heap and the event loop of this thread. Both end a process, or make it useless, also
 * if it runs several agents: then they belong to the agent with the name of the service.
 */
export class RuntimeInstruments {
  readonly #sources: RuntimeSources;
  readonly #agent: () => string;
  readonly #delays: Histogram;
  #timer: { unref(): void } | undefined;

  /** @param options.agent returns the agent that the heap and the event loop belong to. */
  constructor(
    meter: Meter,
    { namespace, sources, agent }: { namespace: string; sources: RuntimeSources; agent: () => string },
  ) {
    this.#sources = sources;
    this.#agent = agent;
    this.#delays = createHistogram(meter, eventLoopDelays(namespace));
    createObservableGauge(meter, agentMetrics(namespace).heapUsage).addCallback((result) => {
      const percent = sources.heapPercent();
      if (percent !== undefined) result.observe(percent, { agent: agent() });
    });
  }

  /** Begins to measure the event loop, without keeping the process alive. */
  start(): void {
    if (this.#timer !== undefined) return;
    let lastMillis = this.#sources.elapsedMillis();
    this.#timer = this.#sources.timers.setInterval(() => {
      try {
        this.#sources.beat?.();
        const now = this.#sources.elapsedMillis();
        this.#delayed(now - lastMillis - RESOLUTION_MILLIS);
        lastMillis = now;
      } catch {
        // A clock that the application has replaced may throw: a delay is missing then.
      }
    }, RESOLUTION_MILLIS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== undefined) this.#sources.timers.clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /**
   * Records the delay of a timer, and the delays of the timers that would have been due meanwhile:
   * otherwise a second in which nothing ran would count as little as a tenth of a second.
   *
   * Source: `recordValueWithExpectedInterval` of HdrHistogram, https://github.com/HdrHistogram/HdrHistogram
   */
  #delayed(millis: number): void {
    if (millis >= SUSPENSION_MILLIS) return;
    const attributes = { agent: this.#agent() };
    this.#delays.record(Math.max(0, millis) / 1000, attributes);
    for (let rest = millis - RESOLUTION_MILLIS; rest > 0; rest -= RESOLUTION_MILLIS)
      this.#delays.record(rest / 1000, attributes);
  }
}
