import { ascendingQuantile } from "../../math/ascending-quantile.ts";
import { limited } from "../scaling.ts";
import type { Deviation } from "./coming-part.ts";

/** How many of the newest scores intervals are made from. */
const SCORES = 96;
/** The 90th percentile of the normal distribution. */
export const NORMAL_90 = 1.2816;
/**
 * Scores within one horizon are hardly independent. Student's t at 90 % with n degrees of freedom is
 * about 1 + 0.66 / n times the normal one (Peiser 1943, the first term: (z² + 1) / 4n).
 */
const STUDENT = (NORMAL_90 ** 2 + 1) / 4;

/** A forecast, and how far the outcome is expected to be from it. */
export interface Expected extends Deviation {
  readonly predicted: number;
}

/**
 * The 80 % interval of forecasts, made from the scores of past ones: how far the outcome was from the
 * forecast, in units of the deviation that was expected.
 */
export class ScoredInterval {
  readonly #perHorizon: number;
  readonly #scores: number[] = [];
  // The bounds, in units of the deviation: in fields, which are written on, as there are thousands of series.
  #lower = -NORMAL_90;
  #upper = NORMAL_90;

  /** @param perHorizon how many forecasts are scored in the time of one horizon. */
  constructor(perHorizon: number) {
    this.#perHorizon = perHorizon;
  }

  /** The interval around a forecast. */
  around({ predicted, down, up }: Expected): { lower: number; upper: number } {
    return {
      lower: predicted + Math.min(0, this.#lower) * down,
      upper: predicted + Math.max(0, this.#upper) * up,
    };
  }

  /** Scores a forecast by the outcome. `adapt` makes use of it. */
  score({ predicted, down, up }: Expected, outcome: number): void {
    const deviation = outcome < predicted ? down : up;
    if (deviation > 0) this.#scores.push(limited((outcome - predicted) / deviation));
    if (this.#scores.length > SCORES) this.#scores.shift();
  }

  /** @param unprovenShare how little of the interval rests on scores, 0..1. */
  adapt(unprovenShare: number): void {
    const ascending = Float64Array.from(this.#scores).sort();
    if (ascending.length === 0) return;
    const known = 1 - unprovenShare;
    const wider = 1 + STUDENT / Math.max(1, ascending.length / this.#perHorizon);
    const at = (share: number, assumed: number): number =>
      known * wider * ascendingQuantile(ascending, share) + (1 - known) * assumed;
    this.#lower = at(0.1, -NORMAL_90);
    this.#upper = at(0.9, NORMAL_90);
  }

  saved(): Float64Array {
    return Float64Array.from(this.#scores);
  }

  restore(scores: Float64Array, unprovenShare: number): void {
    this.#scores.push(...scores);
    if (this.#scores.length > 0) this.adapt(unprovenShare);
  }
}
