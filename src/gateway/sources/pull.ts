import { clearTimeout, setTimeout } from "node:timers";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PointIntake } from "../../core/point-intake.ts";
import type { YieldingClock } from "../../core/yielding-runner.ts";
import { ApiError } from "../../promql/api-error.ts";
import type { PrometheusClient } from "../../promql/prometheus-client.ts";
import { wallMillis } from "../../system/wall-clock.ts";
import { Outages } from "./outages.ts";
import type { PullObserver } from "./pull-observer.ts";
import { PulledQuery } from "./pulled-query.ts";

/** The clock and the timers of a source. */
export interface PullClock extends YieldingClock {
  /** Epoch milliseconds. */
  now(): number;
  setTimeout(callback: () => void, millis: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** What is pulled, and where its points go. */
export interface PullOptions {
  readonly client: PrometheusClient;
  /** PromQL by the name of the metric that the result becomes. */
  readonly queries: ReadonlyMap<string, string>;
  readonly intervalMillis: number;
  readonly intake: PointIntake;
  readonly observer: PullObserver;
  readonly clock?: PullClock;
}

/** Node fires a timer at once if its delay is longer than this. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

const REAL_CLOCK: PullClock = {
  now: wallMillis,
  elapsedMillis: () => performance.now(),
  pause: () => nextTurn(),
  setTimeout: (callback, millis) => setTimeout(callback, millis).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/**
 * Pulls the results of queries from a Prometheus API at each multiple of an interval since the
 * epoch, each for exactly that time. The first time is the last multiple before the start.
 *
 * A query that has not been answered is not sent again: that time is missed and counted. What fails
 * is counted, logged once, and tried again at the next time.
 */
export class PullSource {
  readonly #options: PullOptions;
  readonly #clock: PullClock;
  readonly #queries: readonly PulledQuery[];
  readonly #outages: Outages;
  readonly #running = new Map<PulledQuery, Promise<void>>();
  readonly #stopped = new AbortController();
  #timer: unknown;
  #lastAt = Number.NaN;

  constructor(options: PullOptions) {
    const { client, queries, intake, observer, clock = REAL_CLOCK } = options;
    this.#options = options;
    this.#clock = clock;
    this.#outages = new Outages(client.address);
    this.#queries = Array.from(
      queries,
      ([name, query]) => new PulledQuery({ name, query, client, intake, observer, clock }),
    );
  }

  /** What fails now, as text; `undefined` if all is well. */
  get problem(): string | undefined {
    return this.#outages.text;
  }

  /** Begins. Resolves when each query has been answered or has failed once. */
  async start(): Promise<void> {
    this.#pullAt(this.#multipleBefore(this.#clock.now()));
    const first = [...this.#running.values()];
    this.#schedule();
    await Promise.all(first);
  }

  /** Ends. Queries that are not answered are given up. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#clock.clearTimeout(this.#timer);
    await Promise.all(this.#running.values());
  }

  #schedule(): void {
    const now = this.#clock.now();
    const next = this.#multipleBefore(now) + this.#options.intervalMillis;
    const delay = Math.min(next - now, MAX_TIMER_MILLIS);
    this.#timer = this.#clock.setTimeout(() => this.#tick(next), delay);
  }

  /** A timer may be a little early, and late by any time. */
  #tick(planned: number): void {
    const { intervalMillis, observer } = this.#options;
    const now = this.#clock.now();
    if (planned - now < intervalMillis / 2) {
      const at = Math.max(planned, this.#multipleBefore(now));
      const missed = Math.round((at - this.#lastAt) / intervalMillis) - 1;
      if (missed > 0) observer.failed("missed", missed * this.#queries.length);
      if (at !== this.#lastAt) this.#pullAt(at);
    }
    this.#schedule();
  }

  #pullAt(at: number): void {
    this.#lastAt = at;
    for (const query of this.#queries) {
      if (this.#running.has(query)) this.#options.observer.failed("missed", 1);
      else this.#running.set(query, this.#pull(query, at));
    }
  }

  async #pull(query: PulledQuery, at: number): Promise<void> {
    try {
      await query.pull(at, this.#stopped.signal);
      this.#outages.worked(query.name);
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      this.#options.observer.failed(error instanceof ApiError ? error.reason : "not_understood", 1);
      this.#outages.failed(query.name, error);
    } finally {
      this.#running.delete(query);
    }
  }

  #multipleBefore(at: number): number {
    const { intervalMillis } = this.#options;
    return Math.floor(at / intervalMillis) * intervalMillis;
  }
}
