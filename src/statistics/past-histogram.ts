import { type Extent, type HistogramBuckets, NO_EXTENT, widest } from "./histogram-buckets.ts";

/** Counts are halved after this many windows. */
const HALVED_AFTER_WINDOWS = 4;

/** Values of a histogram: their number, their extent and their buckets. */
interface Values extends Extent {
  readonly count: number;
  readonly buckets: HistogramBuckets;
}

/** What a histogram has counted in the long run. Newer values weigh more. */
export class PastHistogram {
  readonly #halvedAfter: number;
  #buckets: HistogramBuckets | undefined;
  #count = 0;
  #slices = 0;
  #extent: Extent = NO_EXTENT;

  constructor(slicesOfWindow: number) {
    this.#halvedAfter = HALVED_AFTER_WINDOWS * slicesOfWindow;
  }

  get buckets(): HistogramBuckets | undefined {
    return this.#buckets;
  }

  get count(): number {
    return this.#count;
  }

  /** Of all values ever. */
  get extent(): Extent {
    return this.#extent;
  }

  add(values: Values): void {
    if (this.#buckets?.accepts(values.buckets) !== true) {
      this.#buckets = values.buckets.emptied();
      this.#count = 0;
      this.#extent = NO_EXTENT;
    }
    this.#buckets.add(values.buckets);
    this.#count += values.count;
    this.#extent = widest(this.#extent, values);
  }

  /** Begins the next slice. */
  advance(): void {
    this.#slices += 1;
    if (this.#slices % this.#halvedAfter !== 0) return;
    this.#buckets = this.#buckets?.scaled(0.5);
    this.#count *= 0.5;
  }
}
