import { positionOn } from "../backtest/horizon-grid.ts";
import { type FactorsByHorizon, type Intervals, noOffsets, type Offsets } from "../method.ts";

/**
 * Intervals whose bounds are moved by factors that depend on the horizon: interpolated between horizons,
 * and those of the last one beyond it.
 */
export class WidenedIntervals implements Intervals {
  readonly #inner: Intervals;
  readonly #horizons: readonly number[];
  readonly #factors: Float32Array;

  constructor(inner: Intervals, { horizons, factors }: FactorsByHorizon) {
    this.#inner = inner;
    this.#horizons = horizons;
    this.#factors = factors;
  }

  at(steps: number, into = noOffsets()): Readonly<Offsets> {
    const { lower95, lower80, upper80, upper95 } = this.#inner.at(steps, into);
    const { below, above, share } = positionOn(this.#horizons, steps);
    const left = 4 * below;
    const right = 4 * above;
    into.lower95 = lower95 * this.#between(left, right, share);
    into.lower80 = lower80 * this.#between(left + 1, right + 1, share);
    into.upper80 = upper80 * this.#between(left + 2, right + 2, share);
    into.upper95 = upper95 * this.#between(left + 3, right + 3, share);
    return into;
  }

  #between(left: number, right: number, share: number): number {
    return (this.#factors[left] as number) * (1 - share) + (this.#factors[right] as number) * share;
  }
}
