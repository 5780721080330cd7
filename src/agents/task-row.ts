import type { ExponentialHistogramPoint } from "../core/metric-point.ts";
import type { Labels } from "../core/series-key.ts";
import {
  ExponentialSketch,
  type Fineness,
  MAX_EXPONENTIAL_BUCKETS,
} from "../statistics/exponential-sketch.ts";

/** A bucket of the book is 2.2 % wide, so its middle is within 1.1 % of its values. */
const OF_BOOK: Fineness = { maxScale: 5 };
const OF_COLLECTIONS: Fineness = { maxBuckets: MAX_EXPONENTIAL_BUCKETS };

/**
 * The durations of an agent's tasks of one type that ended in success, or with one type of error.
 * Recording counts a task once. The windows of the book and the collections both read that count,
 * each what is new since it read last.
 */
export class TaskRow {
  readonly labels: Labels;
  readonly #new = new ExponentialSketch();
  #uncollected: ExponentialHistogramPoint | undefined;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  get hasSucceeded(): boolean {
    return this.labels.error_type === undefined;
  }

  /** Counts a task that took this time: finite and not negative. */
  record(seconds: number): void {
    this.#new.record(seconds);
  }

  /** The tasks since the previous call, if any, for the windows of the book. */
  takeNew(): ExponentialHistogramPoint | undefined {
    if (this.#new.count === 0) return undefined;
    const taken = this.#new.toPoint(OF_BOOK);
    const collected = this.#new.toPoint(OF_COLLECTIONS);
    this.#new.reset();
    this.#uncollected = this.#uncollected === undefined ? collected : together(this.#uncollected, collected);
    return taken;
  }

  /** The tasks since the previous collection, if any. Call `takeNew` before. */
  collect(): ExponentialHistogramPoint | undefined {
    const collected = this.#uncollected;
    this.#uncollected = undefined;
    // An agent that does nothing needs no memory.
    if (collected === undefined) this.#new.release();
    return collected;
  }
}

/** What two points of collections count. */
export function together(
  one: ExponentialHistogramPoint,
  other: ExponentialHistogramPoint,
): ExponentialHistogramPoint {
  return ExponentialSketch.of([one, other]).toPoint(OF_COLLECTIONS);
}
