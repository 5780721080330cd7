/** A regime with fewer points says nothing about later ones. */
const MIN_POINTS = 5;
const MAX_REGIMES = 8;

/** A regime that has ended. */
export interface PastRegime {
  /** The level at its end. */
  readonly end: number;
  /** In values a step; 0 for a level. */
  readonly slope: number;
  readonly points: number;
}

/** The newest regimes that have ended. */
export class PastRegimes {
  readonly #regimes: PastRegime[] = [];

  get isEmpty(): boolean {
    return this.#regimes.length === 0;
  }

  add(regime: PastRegime): void {
    this.#regimes.push(regime);
    if (this.#regimes.length > MAX_REGIMES) this.#regimes.shift();
  }

  /** A regime with a constant level at about this value, else the newest one with a slope. */
  like(level: number, tolerance: number): PastRegime | undefined {
    const known = this.#regimes.filter(({ points }) => points >= MIN_POINTS);
    const same = known.find(({ slope, end }) => slope === 0 && Math.abs(end - level) < tolerance);
    return same ?? known.findLast(({ slope }) => slope !== 0);
  }
}
