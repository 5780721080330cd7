import type { ExplicitHistogramPoint } from "../core/metric-point.ts";
import { type Extent, type HistogramBuckets, NEGLIGIBLE_COUNT } from "./histogram-buckets.ts";
import type { SavedBuckets } from "./saved-window.ts";

/** The sum of the buckets of explicit-boundary histograms with the same boundaries. */
export class ExplicitCounts implements HistogramBuckets {
  readonly boundaries: readonly number[];
  readonly counts: number[];

  private constructor(boundaries: readonly number[], counts: number[]) {
    this.boundaries = boundaries;
    this.counts = counts;
  }

  /** The buckets of a point; `undefined` unless each bucket has a whole count of at least 0. */
  static from(point: ExplicitHistogramPoint): ExplicitCounts | undefined {
    if (point.counts.length !== point.boundaries.length + 1) return undefined;
    if (!point.counts.every((count) => Number.isSafeInteger(count) && count >= 0)) return undefined;
    return new ExplicitCounts(point.boundaries, [...point.counts]);
  }

  static restore({ boundaries, counts }: Extract<SavedBuckets, { kind: "explicit" }>): ExplicitCounts {
    return new ExplicitCounts([...boundaries], [...counts]);
  }

  saved(): SavedBuckets {
    const boundaries = Float64Array.from(this.boundaries);
    return { kind: "explicit", boundaries, counts: Float64Array.from(this.counts) };
  }

  accepts(other: HistogramBuckets): boolean {
    if (!(other instanceof ExplicitCounts)) return false;
    const theirs = other.boundaries;
    if (theirs === this.boundaries) return true;
    return theirs.length === this.boundaries.length && theirs.every((b, i) => b === this.boundaries[i]);
  }

  emptied(): ExplicitCounts {
    return new ExplicitCounts(this.boundaries, new Array<number>(this.counts.length).fill(0));
  }

  add(other: ExplicitCounts): void {
    other.counts.forEach((count, i) => {
      this.counts[i] = (this.counts[i] as number) + count;
    });
  }

  scaled(factor: number): ExplicitCounts {
    return new ExplicitCounts(
      this.boundaries,
      this.counts.map((count) => (count * factor < NEGLIGIBLE_COUNT ? 0 : count * factor)),
    );
  }

  subtract(other: ExplicitCounts): void {
    other.counts.forEach((count, i) => {
      this.counts[i] = Math.max(0, (this.counts[i] as number) - count);
    });
  }

  isCoarserThan(): boolean {
    return false;
  }

  /**
   * Interpolates linearly in the bucket that holds rank `q * count`, as Prometheus'
   * `histogram_quantile` does
   * (https://github.com/prometheus/prometheus/blob/main/promql/quantile.go). In addition, `min` and
   * `max` narrow each bucket. If they are unknown, Prometheus' special cases apply: the first
   * bucket starts at 0, or gives its upper bound if that is not positive; the last gives its lower
   * bound. O(buckets).
   */
  quantile(q: number, extent: Extent): number | undefined {
    let total = 0;
    for (const count of this.counts) total += count;
    if (total === 0) return undefined;
    const rank = q * total;
    let bucket = this.counts.findIndex((count) => count > 0);
    let before = 0;
    while (before + (this.counts[bucket] as number) < rank) before += this.counts[bucket++] as number;
    return this.#inside(bucket, (rank - before) / (this.counts[bucket] as number), extent);
  }

  #inside(bucket: number, share: number, { min, max }: Extent): number | undefined {
    const upperBound = this.boundaries[bucket];
    const upper = upperBound === undefined ? max : Math.min(upperBound, max ?? upperBound);
    const floor =
      this.boundaries[bucket - 1] ?? min ?? (upper === undefined ? undefined : Math.min(0, upper));
    if (floor === undefined) return undefined;
    const lower = Math.max(floor, min ?? floor);
    if (upper === undefined || upper <= lower) return lower;
    return lower + (upper - lower) * share;
  }
}
