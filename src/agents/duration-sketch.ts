import type { ExponentialHistogramPoint } from "../core/metric-point.ts";

/** Buckets an octave: 2^5, so that a bucket is 2.2 % wide and its middle within 1.1 % of all that it holds. */
const SCALE = 5;
const BUCKETS_PER_OCTAVE = 2 ** SCALE;

/**
 * Counts durations in exponential buckets of a fixed scale, for one slice of time. Takes a value in O(1) and gives
 * what it holds as an exponential histogram point, in the bucket layout of the OpenTelemetry data model.
 */
export class DurationSketch {
  readonly #counts = new Map<number, number>();
  #zeroCount = 0;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  get count(): number {
    return this.#count;
  }

  /** Takes one duration in seconds, finite and not negative. */
  record(seconds: number): void {
    this.#count += 1;
    this.#sum += seconds;
    if (seconds < this.#min) this.#min = seconds;
    if (seconds > this.#max) this.#max = seconds;
    if (seconds === 0) {
      this.#zeroCount += 1;
      return;
    }
    const index = Math.ceil(Math.log2(seconds) * BUCKETS_PER_OCTAVE) - 1;
    this.#counts.set(index, (this.#counts.get(index) ?? 0) + 1);
  }

  toPoint(): ExponentialHistogramPoint {
    const indexes = [...this.#counts.keys()];
    const offset = indexes.length === 0 ? 0 : Math.min(...indexes);
    const size = indexes.length === 0 ? 0 : Math.max(...indexes) - offset + 1;
    const bucketCounts = new Array<number>(size).fill(0);
    for (const [index, count] of this.#counts) bucketCounts[index - offset] = count;
    return {
      kind: "exponential",
      count: this.#count,
      sum: this.#sum,
      ...(this.#count > 0 ? { min: this.#min, max: this.#max } : {}),
      scale: SCALE,
      zeroCount: this.#zeroCount,
      positive: { offset, bucketCounts },
      negative: { offset: 0, bucketCounts: [] },
    };
  }
}
