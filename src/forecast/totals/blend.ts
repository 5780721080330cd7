import type { HorizonErrors } from "../backtest/errors.ts";
import { positionOn } from "../backtest/horizon-grid.ts";
import type { HorizonWalk } from "../backtest/horizon-tests.ts";
import type { FittedMethod } from "../method.ts";

/**
 * Several methods for a total as one: their weighted mean, with own weights at each horizon of a
 * grid. Weights between two horizons are interpolated. A forecast further ahead is never lower than
 * one at a shorter horizon of the grid, because a total does not fall.
 */
export class Blend implements FittedMethod {
  readonly #methods: readonly FittedMethod[];
  readonly #horizons: readonly number[];
  readonly #weights: readonly Float64Array[];
  /** The highest forecast up to each horizon since the last point; empty until computed. */
  #highest: number[] = [];

  constructor(
    methods: readonly FittedMethod[],
    horizons: readonly number[],
    weights: readonly Float64Array[],
  ) {
    this.#methods = methods;
    this.#horizons = horizons;
    this.#weights = weights;
  }

  update(value: number): void {
    for (const method of this.#methods) method.update(value);
    this.#highest = [];
  }

  at(steps: number): number {
    const { below, above, share } = positionOn(this.#horizons, steps);
    return Math.max(this.#highestAt(below), this.#mean(steps, below, above, share));
  }

  #highestAt(position: number): number {
    for (let next = this.#highest.length; next <= position; next++) {
      const mean = this.#mean(this.#horizons[next] as number, next, next, 0);
      this.#highest.push(Math.max(mean, this.#highest.at(-1) ?? mean));
    }
    return this.#highest[position] as number;
  }

  #mean(steps: number, below: number, above: number, share: number): number {
    const left = this.#weights[below] as Float64Array;
    const right = this.#weights[above] as Float64Array;
    let sum = 0;
    for (const [member, method] of this.#methods.entries()) {
      const weight = (left[member] as number) * (1 - share) + (right[member] as number) * share;
      sum += weight * method.at(steps);
    }
    return sum;
  }
}

/** The out-of-sample errors of the blend at a horizon. */
export function blendedErrors(
  { horizon, actual, age, predicted }: HorizonWalk,
  weights: Float64Array,
): HorizonErrors {
  const errors = actual.map((value, origin) =>
    weights.reduce(
      (error, weight, member) => error - weight * (predicted[origin * weights.length + member] as number),
      value,
    ),
  );
  return { horizon, errors, age };
}
