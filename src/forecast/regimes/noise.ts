import { numberRow } from "../../math/number-row.ts";

/** The newest points count at least this much. */
const MIN_WEIGHT = 0.05;
/** The largest deviation that was seen loses its importance at this rate a point. */
const FADING = 0.9995;
/** The largest correlation of two deviations in a row that is reckoned with. */
const MOST_CORRELATION = 0.95;
const NEGLIGIBLE = 1e-9;

const FIELDS = [
  /** The points that it is known from. */
  "points",
  /** The variance of the deviations. */
  "variance",
  /** The covariance of the deviations of two points in a row. */
  "covariance",
  "before",
  "largest",
] as const;

/** The noise of a series around its lines: how far points deviate, and how long deviations last. */
export class Noise extends numberRow(FIELDS) {
  /** Takes the deviation of a point that belongs to the line. */
  take(deviation: number): void {
    this.points += 1;
    const weight = Math.max(1 / this.points, MIN_WEIGHT);
    this.variance += weight * (deviation ** 2 - this.variance);
    this.covariance += weight * (deviation * this.before - this.covariance);
    this.before = deviation;
    this.largest = Math.max(this.largest * FADING, Math.abs(deviation));
  }

  /** Remembers the deviation of a point that does not belong to the line. */
  remember(deviation: number): void {
    this.largest = Math.max(this.largest, Math.abs(deviation));
  }

  get deviation(): number {
    return Math.sqrt(this.variance);
  }

  /** A deviation in the largest ones that were seen; above 1 it is new. */
  noveltyOf(deviation: number): number {
    return Math.abs(deviation) / (this.largest + NEGLIGIBLE);
  }

  /**
   * How much less a slope is known because the noise persists: a random walk shows slopes that it
   * does not have. It is the square root of (1 + r) / (1 - r) with the correlation r of two
   * deviations in a row. https://en.wikipedia.org/wiki/Effective_sample_size
   */
  get persistence(): number {
    const correlation = this.variance > 0 ? this.covariance / this.variance : 0;
    const persistent = Math.min(MOST_CORRELATION, Math.max(0, correlation));
    return Math.sqrt((1 + persistent) / (1 - persistent));
  }
}
