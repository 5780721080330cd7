import { numberRow } from "../../math/number-row.ts";

/** A regime with fewer points says nothing about later ones. */
const MIN_POINTS = 5;
const MAX_REGIMES = 8;
/** The numbers of one regime. */
const NUMBERS_EACH = 3;

/** A regime that has ended. */
export interface PastRegime {
  /** The level at its end. */
  readonly end: number;
  /** In values a step; 0 for a level. */
  readonly slope: number;
  readonly points: number;
}

/** The newest regimes that have ended. The numbers of the oldest follow their count, then the others. */
export class PastRegimes extends numberRow(["count"], MAX_REGIMES * NUMBERS_EACH) {
  get isEmpty(): boolean {
    return this.count === 0;
  }

  add({ end, slope, points }: PastRegime): void {
    if (this.count === MAX_REGIMES) this.#removeOldest();
    this.memory.numbers.set([end, slope, points], this.#placeOf(this.count));
    this.count += 1;
  }

  /** A regime with a constant level at about this value, else the newest one with a slope. */
  like(level: number, tolerance: number): PastRegime | undefined {
    let sloped: PastRegime | undefined;
    for (let index = 0; index < this.count; index++) {
      const regime = this.#regime(index);
      if (regime.points < MIN_POINTS) continue;
      if (regime.slope !== 0) sloped = regime;
      else if (Math.abs(regime.end - level) < tolerance) return regime;
    }
    return sloped;
  }

  #regime(index: number): PastRegime {
    const place = this.#placeOf(index);
    const [end, slope, points] = this.memory.numbers.subarray(place, place + NUMBERS_EACH);
    return { end: end as number, slope: slope as number, points: points as number };
  }

  #placeOf(index: number): number {
    return this.first + 1 + index * NUMBERS_EACH;
  }

  #removeOldest(): void {
    this.memory.numbers.copyWithin(this.#placeOf(0), this.#placeOf(1), this.#placeOf(MAX_REGIMES));
    this.count -= 1;
  }
}
