import { minimise } from "../../math/minimise.ts";
import { numberRow } from "../../math/number-row.ts";
import type { FittedMethod, Method, MethodParameters } from "../method.ts";
import { DampedReach } from "./damped-reach.ts";

type Values = readonly number[] | Float64Array;

/** The weights of damped Holt. */
export interface Weights {
  readonly alpha: number;
  readonly beta: number;
  readonly phi: number;
}

/**
 * Damped Holt, ETS(A,Ad,N). Each one-step error moves the level by `alpha` and the slope by `beta`
 * (as in R's `ets`: not multiplied by alpha). Each step multiplies the slope by `phi`. Parameters
 * that are not given are fitted by least squares. https://otexts.com/fpp3/holt.html
 */
export const dampedHolt: Method = {
  name: "damped-holt",
  fit(history, parameters) {
    const weights = bestWeights(history.values, parameters);
    const state = new DampedTrend(weights);
    for (const value of history.values) state.update(value);
    return state;
  },
};

/**
 * The limit of how far one error can move the slope, in usual errors. So one fall does not become a
 * trend. The errors of smooth series stay below it.
 */
const MOST_ERRORS = 6;
const MIN_KNOWN_ERRORS = 5;
const ERROR_MEMORY = 64;

/** The state of damped Holt with given weights. */
export class DampedTrend
  extends numberRow(["level", "slope", "errors", "usualError"])
  implements FittedMethod
{
  readonly #alpha: number;
  readonly #beta: number;
  readonly #phi: number;
  readonly #reach: DampedReach;

  constructor({ alpha, beta, phi }: Weights) {
    super();
    this.#alpha = alpha;
    this.#beta = beta;
    this.#phi = phi;
    this.#reach = DampedReach.of(phi);
    this.level = Number.NaN;
  }

  /** Takes the next value and returns the error. During a gap the level moves on by its slope. */
  update(value: number): number {
    if (Number.isNaN(this.level)) this.level = value;
    const slope = this.#phi * this.slope;
    const expected = this.level + slope;
    const error = Number.isNaN(value) ? 0 : value - expected;
    this.level = expected + this.#alpha * error;
    this.slope = slope + this.#beta * this.#limited(error);
    return error;
  }

  /** The part of an error that may change the slope. */
  #limited(error: number): number {
    if (error === 0) return 0;
    const size = Math.abs(error);
    const most = this.errors >= MIN_KNOWN_ERRORS ? MOST_ERRORS * this.usualError : size;
    this.errors += 1;
    this.usualError += (Math.min(size, most) - this.usualError) / Math.min(this.errors, ERROR_MEMORY);
    return Math.sign(error) * Math.min(size, most);
  }

  at(steps: number): number {
    return this.level + this.slope * this.#reach.after(steps);
  }

  takeAll(values: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) this.update(values[index] as number);
  }

  forecastAt(horizons: readonly number[], into: Float64Array): void {
    for (let column = 0; column < horizons.length; column++)
      into[column] = this.at(horizons[column] as number);
  }
}

function squaredError(values: Values, weights: Weights): number {
  const state = new DampedTrend(weights);
  let total = 0;
  for (const value of values) total += state.update(value) ** 2;
  return total;
}

/** Values of phi to try; R's `ets` searches 0.8 to 0.98. */
const DAMPINGS = [0.8, 0.9, 0.95, 0.98];
/** Values of beta to try, as shares of alpha. */
const SLOPE_SHARES = [0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8];

function bestWeights(values: Values, given: MethodParameters): Weights {
  let best = { alpha: 0.5, beta: 0, phi: 1 };
  let least = Number.POSITIVE_INFINITY;
  for (const phi of given.phi === undefined ? DAMPINGS : [given.phi]) {
    for (const share of given.beta === undefined ? SLOPE_SHARES : [0]) {
      const weightsAt = (alpha: number): Weights => ({ alpha, beta: given.beta ?? share * alpha, phi });
      if (given.alpha !== undefined && given.beta !== undefined && given.phi !== undefined) {
        return weightsAt(given.alpha);
      }
      const errorAt = (alpha: number): number => squaredError(values, weightsAt(alpha));
      const alpha = given.alpha ?? minimise(errorAt, 1e-4, 1 - 1e-4, 0.02);
      const error = errorAt(alpha);
      if (error < least) {
        least = error;
        best = weightsAt(alpha);
      }
    }
  }
  return best;
}
