import type { Histogram } from "@opentelemetry/sdk-metrics";
import type { ExplicitHistogramPoint } from "../core/metric-point.ts";

/** The sum of histograms with explicit boundaries. */
export class ExplicitTotal {
  readonly #boundaries: readonly number[];
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  /** @param first it is not added yet. */
  constructor({ boundaries, counts }: ExplicitHistogramPoint) {
    this.#boundaries = boundaries;
    this.#counts = counts.map(() => 0);
  }

  /** Adds a delta. */
  add(point: ExplicitHistogramPoint): void {
    for (const [index, count] of point.counts.entries())
      this.#counts[index] = (this.#counts[index] ?? 0) + count;
    this.#count += point.count;
    this.#sum += point.sum;
  }

  /** What was added so far. */
  toHistogram(): Histogram {
    const buckets = { boundaries: [...this.#boundaries], counts: [...this.#counts] };
    return { buckets, count: this.#count, sum: this.#sum };
  }
}
