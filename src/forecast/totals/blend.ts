import type { HorizonErrors } from "../backtest/errors.ts";
import { positionOn } from "../backtest/horizon-grid.ts";
import type { HorizonWalk } from "../backtest/walk.ts";
import type { FittedMethod } from "../method.ts";

/** Several methods as one: their weighted mean, with own weights at each horizon of a grid. */
export class Blend implements FittedMethod {
  readonly #methods: readonly FittedMethod[];
  readonly #horizons: readonly number[];
  readonly #weights: readonly Float64Array[];

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
  }

  at(steps: number): number {
    const { below, above, share } = positionOn(this.#horizons, steps);
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
