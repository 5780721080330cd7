import { numberRow } from "../../math/number-row.ts";

/** The weight of the noise that was expected, in points, when a regime shows noise of its own. */
const EXPECTED_NOISE_POINTS = 2;
/** Prevents a division by 0; values are of the order of 1. */
const NEGLIGIBLE = 1e-9;

const FIELDS = [
  /** The time of the first point. */
  "start",
  /** Sums are taken relative to the first value, so that they lose no digits. */
  "origin",
  "count",
  "x",
  "y",
  "xx",
  "xy",
  "yy",
  /** The sum of squares of the times about their mean, and that of products with the values. */
  "spread",
  "product",
] as const;

/**
 * The points of one regime, as the sums of a least squares line; none before `begin`. Times are in
 * steps. Adding a point takes constant time. https://en.wikipedia.org/wiki/Simple_linear_regression
 */
export class RegimePoints extends numberRow(FIELDS) {
  /** Forgets all points, and takes the first. */
  begin(start: number, value: number): this {
    this.clear();
    this.start = start;
    this.origin = value;
    this.add(start, value);
    return this;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  add(time: number, value: number): void {
    const x = time - this.start;
    const y = value - this.origin;
    const count = this.count + 1;
    this.count = count;
    this.x += x;
    this.y += y;
    this.xx += x * x;
    this.xy += x * y;
    this.yy += y * y;
    this.spread = this.xx - this.x ** 2 / count;
    this.product = this.xy - (this.x * this.y) / count;
  }

  /** The slope of the least squares line, in values a step; 0 with one point. */
  get slope(): number {
    return this.spread > 0 ? this.product / this.spread : 0;
  }

  /** The value at a time of the line with this slope through the middle of the points. */
  valueAt(time: number, slope: number): number {
    const middle = this.x / this.count;
    return this.origin + this.y / this.count + slope * (time - this.start - middle);
  }

  /** The variance of the noise around the line, given the variance that was expected. */
  noise(expected: number): number {
    if (this.count < 3) return expected;
    const explained = this.spread > 0 ? this.product ** 2 / this.spread : 0;
    const unexplained = Math.max(0, this.yy - this.y ** 2 / this.count - explained);
    return (EXPECTED_NOISE_POINTS * expected + unexplained) / (EXPECTED_NOISE_POINTS + this.count - 2);
  }

  /** The standard error of the slope, given the variance of the noise around the line. */
  slopeError(noise: number): number {
    return this.spread > 0 ? Math.sqrt(noise / this.spread) + NEGLIGIBLE : Infinity;
  }

  /** How much wider than the noise the error of a prediction at this time is. */
  predictionError(time: number, isSloped: boolean): number {
    const distance = time - this.start - this.x / this.count;
    const ofSlope = isSloped && this.spread > 0 ? distance ** 2 / this.spread : 0;
    return Math.sqrt(1 + 1 / this.count + ofSlope);
  }
}
