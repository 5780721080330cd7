import { numberRow } from "../../math/number-row.ts";

const FIELDS = [
  "level",
  "slope",
  /** 1 when the level and the slope are those of the points so far, otherwise 0. */
  "isSolved",
  /** Of the points that are no gaps, and the sums over them. */
  "count",
  "x",
  "xx",
  "y",
  "xy",
  /** Points since the sums were last computed from all values. */
  "age",
] as const;

/**
 * The sums of a least squares line through the last `window` steps, of which its user has the values.
 * Position 0 is the newest step. A step takes constant time. The sums are recomputed once a window, so
 * that rounding errors cannot add up.
 */
export class LineSums extends numberRow(FIELDS) {
  readonly window: number;

  constructor(window: number) {
    super();
    this.window = window;
  }

  /** The line at a number of steps ahead. When all points are gaps, the line stays as it was. */
  valueAt(steps: number): number {
    this.#solve();
    return this.level + this.slope * steps;
  }

  /**
   * Moves the line by one step, of which the value leaves the window. Then the user takes the new value
   * in, and calls `enter`.
   */
  leave(value: number): void {
    // The next point may be a gap, and the last line is then the one that stays.
    if (this.count === 1) this.#solve();
    this.isSolved = 0;
    this.#add(1 - this.window, value, -1);
    // Every point is one step further back: x becomes x - 1.
    this.xy -= this.y;
    this.xx += this.count - 2 * this.x;
    this.x -= this.count;
  }

  /** Adds the new value. Returns false if the sums must be recomputed. */
  enter(value: number): boolean {
    this.age += 1;
    if (this.age === this.window) return false;
    this.#add(0, value, 1);
    return true;
  }

  /** @param valueAtIndex the values of the window, from 0, the oldest, to `window - 1`. */
  recompute(valueAtIndex: (index: number) => number): void {
    this.age = 0;
    this.count = 0;
    this.x = 0;
    this.xx = 0;
    this.y = 0;
    this.xy = 0;
    for (let index = 0; index < this.window; index++)
      this.#add(index + 1 - this.window, valueAtIndex(index), 1);
  }

  #add(x: number, y: number, sign: 1 | -1): void {
    if (Number.isNaN(y)) return;
    this.count += sign;
    this.x += sign * x;
    this.xx += sign * x * x;
    this.y += sign * y;
    this.xy += sign * x * y;
  }

  #solve(): void {
    const { count } = this;
    if (this.isSolved === 1 || count === 0) return;
    this.isSolved = 1;
    const spread = count * this.xx - this.x * this.x;
    this.slope = spread > 0 ? (count * this.xy - this.x * this.y) / spread : 0;
    this.level = (this.y - this.slope * this.x) / count;
  }
}
