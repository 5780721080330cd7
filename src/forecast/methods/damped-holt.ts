import { minimise } from "../../math/minimise.ts";
import type { Method, MethodParameters } from "../method.ts";

type Values = readonly number[] | Float64Array;

interface Weights {
  readonly alpha: number;
  readonly beta: number;
  readonly phi: number;
}

/**
 * Damped Holt, ETS(A,Ad,N): a level that moves by `alpha`, a slope by `beta` of each one-step error (`beta` as in R's `ets`: not
 * multiplied by alpha), and of the slope `phi` is left after every step. What is not given is fitted by least squares.
 * https://otexts.com/fpp3/holt.html
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

class DampedTrend {
  readonly #alpha: number;
  readonly #beta: number;
  readonly #phi: number;
  #level = Number.NaN;
  #slope = 0;

  constructor({ alpha, beta, phi }: Weights) {
    this.#alpha = alpha;
    this.#beta = beta;
    this.#phi = phi;
  }

  /** Takes the next value and returns by how much it was missed. Over a gap the level moves on by itself. */
  update(value: number): number {
    if (Number.isNaN(this.#level)) this.#level = value;
    const slope = this.#phi * this.#slope;
    const expected = this.#level + slope;
    const error = Number.isNaN(value) ? 0 : value - expected;
    this.#level = expected + this.#alpha * error;
    this.#slope = slope + this.#beta * error;
    return error;
  }

  at(steps: number): number {
    const phi = this.#phi;
    const slopes = phi === 1 ? steps : (phi * (1 - phi ** steps)) / (1 - phi);
    return this.#level + this.#slope * slopes;
  }
}

function squaredError(values: Values, weights: Weights): number {
  const state = new DampedTrend(weights);
  let total = 0;
  for (const value of values) total += state.update(value) ** 2;
  return total;
}

/** Dampings that are tried when none is given: R's `ets` searches 0.8 to 0.98. */
const DAMPINGS = [0.8, 0.9, 0.95, 0.98];
/** Shares of alpha that are tried for the weight of the slope. */
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
