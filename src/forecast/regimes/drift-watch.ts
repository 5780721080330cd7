import { numberRow } from "../../math/number-row.ts";
import { RegimePoints } from "./regime-points.ts";

/** A deviation counts from this many standard deviations on. */
const ALLOWANCE = 0.5;
/**
 * Their sum is a drift from here on. White noise reaches it about once in a million points, by
 * Siegmund's approximation (1985, Sequential Analysis, section 2.6).
 */
const DRIFT = 12;
/** One point counts at most this much. */
const MOST = 3;

/**
 * Notices that a series leaves a line slowly, to one side: a one-sided cumulative sum (Page 1954,
 * CUSUM, https://doi.org/10.1093/biomet/41.1-2.100). It keeps the points since the sum was last 0,
 * which is where the drift began.
 */
export class DriftWatch extends numberRow(["sum"], RegimePoints) {
  readonly #sign: 1 | -1;
  readonly #since = this.part(new RegimePoints());

  constructor(sign: 1 | -1) {
    super();
    this.#sign = sign;
  }

  /** Takes a point and its deviation from the line, in standard deviations. */
  take(time: number, value: number, deviation: number): void {
    this.sum += Math.min(MOST, this.#sign * deviation) - ALLOWANCE;
    if (this.sum <= 0) this.#forget();
    else if (this.#since.isEmpty) this.#since.begin(time, value);
    else this.#since.add(time, value);
  }

  /** Most sums are 0 for long: then there is nothing else to forget. */
  #forget(): void {
    if (this.#since.isEmpty) this.sum = 0;
    else this.clear();
  }

  /** The points since a drift began; `undefined` while there is none. */
  get drifted(): RegimePoints | undefined {
    return this.sum > DRIFT ? this.#since : undefined;
  }
}

/** Notices that a series leaves a line slowly, to either side. */
export class DriftWatches extends numberRow([], DriftWatch, DriftWatch) {
  readonly #up = this.part(new DriftWatch(1));
  readonly #down = this.part(new DriftWatch(-1));

  /** Takes a point and its deviation from the line, in standard deviations. */
  take(time: number, value: number, deviation: number): void {
    this.#up.take(time, value, deviation);
    this.#down.take(time, value, deviation);
  }

  /** The points since a drift began; `undefined` while there is none. */
  get drifted(): RegimePoints | undefined {
    return this.#up.drifted ?? this.#down.drifted;
  }
}
