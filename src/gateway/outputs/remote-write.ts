import type { MetricProducer, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { type Steps, type YieldingClock, YieldingRunner } from "../../core/yielding-runner.ts";
import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import { eventLoop } from "../../system/event-loop.ts";
import { wallMillis } from "../../system/wall-clock.ts";
import { keyOf, type Sample } from "../../wire/remote/time-series.ts";
import { PageSeriesMaker } from "./page-series.ts";
import { labelsWith, numberOf, PATH_KINDS, type PathSource, pathLabels } from "./path-source.ts";
import { type CountedSeries, type WriteMessage, writeMessages } from "./write-messages.ts";
import { type WriteObserver, WriteQueue, type WriteQueueOptions } from "./write-queue.ts";
import { type CheckedTarget, checkedTarget, type RemoteWriteTarget } from "./write-target.ts";

/** What is written, and where to. */
export interface RemoteWriteOutputOptions {
  readonly targets: readonly RemoteWriteTarget[];
  /** What is published. */
  readonly producer: MetricProducer;
  /** The paths for targets that want the future. */
  readonly paths: PathSource;
  readonly observer: WriteObserver;
  /** The maximum of bytes that wait for each target. Default 16 MiB. */
  readonly maxQueueBytes?: number;
  /** How often paths are written, in milliseconds. Default 5 minutes. */
  readonly pathIntervalMillis?: number;
  /** The wait before the first retry, in milliseconds. Default 1000. */
  readonly firstWaitMillis?: number;
  /** Epoch milliseconds. Default: the clock of the machine. */
  readonly now?: () => number;
  readonly clock?: YieldingClock;
}

const MAX_QUEUE_BYTES = 16 * 1024 * 1024;
const PATH_INTERVAL_MILLIS = 300_000;
const FIRST_WAIT_MILLIS = 1000;
const MAX_WAIT_MILLIS = 30_000;

interface Target {
  readonly checked: CheckedTarget;
  readonly queue: WriteQueue;
}

/**
 * Writes everything that is published to other systems by Prometheus's remote write 1.0: the same
 * series as on `/metrics`, with the time of now. A series that is published no longer gets
 * Prometheus's mark of an end.
 *
 * Protocol: https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export class RemoteWriteOutput {
  readonly #options: RemoteWriteOutputOptions;
  readonly #now: () => number;
  readonly #targets: readonly Target[];
  readonly #logged = new LogOnce();
  readonly #series = new PageSeriesMaker(({ metric, reason, points }) =>
    this.#logged.log(`${reason}: ${metric}`, () =>
      log.warn(`remote write: dropped ${points} points of ${metric} (${reason})`),
    ),
  );
  /** The keys of the series that were written the last time. */
  #written: ReadonlySet<string> = new Set();
  #pathsAt = Number.NEGATIVE_INFINITY;
  #last: Promise<void> = Promise.resolve();

  /** @throws TypeError that names an option of a target which cannot be used. */
  constructor(options: RemoteWriteOutputOptions) {
    this.#options = options;
    this.#now = options.now ?? wallMillis;
    const queue: WriteQueueOptions = {
      observer: options.observer,
      maxBytes: options.maxQueueBytes ?? MAX_QUEUE_BYTES,
      firstWaitMillis: options.firstWaitMillis ?? FIRST_WAIT_MILLIS,
      maxWaitMillis: MAX_WAIT_MILLIS,
      now: this.#now,
    };
    this.#targets = options.targets.map((target) => {
      const checked = checkedTarget(target);
      return { checked, queue: new WriteQueue(checked, queue) };
    });
  }

  /**
   * Writes what is published now. Call it after each collection. It resolves when everything waits to
   * be sent, and does not wait for the targets. Never rejects.
   */
  push(): Promise<void> {
    this.#last = this.#last
      .then(() => this.#push())
      .catch((error: unknown) => {
        this.#logged.log("failed", () => log.error("remote write: the forecasts were not written", error));
      });
    return this.#last;
  }

  /** Sends what waits for a second at most, and drops the rest. */
  async shutdown(): Promise<void> {
    await Promise.all(this.#targets.map(({ queue }) => queue.shutdown()));
  }

  async #push(): Promise<void> {
    if (this.#targets.length === 0) return;
    const { clock = eventLoop, pathIntervalMillis = PATH_INTERVAL_MILLIS } = this.#options;
    const runner = new YieldingRunner(clock);
    const now = this.#now();
    const { resourceMetrics } = await this.#options.producer.collect();
    const messages = await runner.run(writeMessages(this.#current(resourceMetrics, now)));
    for (const { queue } of this.#targets) queue.add(messages);
    if (Math.abs(now - this.#pathsAt) < pathIntervalMillis) return;
    const ofFuture = new Map<number, Promise<WriteMessage[]>>();
    for (const { checked, queue } of this.#targets) {
      if (checked.future === 0) continue;
      this.#pathsAt = now;
      const made = ofFuture.get(checked.future) ?? runner.run(this.#pathMessages(now, checked.future));
      ofFuture.set(checked.future, made);
      queue.add(await made);
    }
  }

  /** What is published now, and the ends of what was published the last time. */
  *#current(published: ResourceMetrics, at: number): Generator<CountedSeries, undefined> {
    const written = new Set<string>();
    for (const { key, value } of this.#series.of(published)) {
      if (written.has(key)) {
        this.#logged.log("duplicate", () =>
          log.warn("remote write: dropped a point whose labels another one has"),
        );
        continue;
      }
      written.add(key);
      yield { key, samples: [{ at, value, isEnd: false }] };
    }
    const before = this.#written;
    this.#written = written;
    for (const key of before)
      if (!written.has(key)) yield { key, samples: [{ at, value: Number.NaN, isEnd: true }] };
  }

  *#pathMessages(now: number, future: number): Steps<WriteMessage[]> {
    return yield* writeMessages(this.#lines(now, now + future));
  }

  /** The lines of all paths in a range of time. */
  *#lines(from: number, to: number): Generator<CountedSeries, undefined> {
    const { paths } = this.#options;
    for (const path of paths.paths()) {
      const points = [...path.points()].filter(({ at }) => at > from && at <= to);
      if (points.length === 0) continue;
      for (const kind of PATH_KINDS)
        yield {
          key: keyOf(labelsWith(path, pathLabels(kind, paths.level))),
          samples: points.map(
            (point): Sample => ({ at: Math.round(point.at), value: numberOf(point, kind), isEnd: false }),
          ),
        };
    }
  }
}
