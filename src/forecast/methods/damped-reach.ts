/** Longer distances are rare: their powers are computed each time. */
const MAX_KNOWN_STEPS = 4096;

/**
 * How far a slope leads that each step multiplies by `phi`: the sums phi + phi^2 + ... + phi^steps. A
 * fit needs thousands of them, and a power takes longer than the rest of a forecast: each is computed
 * once.
 */
export class DampedReach {
  readonly #phi: number;
  #known = new Float64Array(0);

  private constructor(phi: number) {
    this.#phi = phi;
  }

  /** The reaches of all slopes with this damping. */
  static of(phi: number): DampedReach {
    const known = reaches.get(phi) ?? new DampedReach(phi);
    reaches.set(phi, known);
    return known;
  }

  after(steps: number): number {
    if (steps >= this.#known.length && steps < MAX_KNOWN_STEPS) this.#grow(steps + 1);
    return this.#known[steps] ?? this.#sum(steps);
  }

  #sum(steps: number): number {
    const phi = this.#phi;
    return phi === 1 ? steps : (phi * (1 - phi ** steps)) / (1 - phi);
  }

  #grow(length: number): void {
    const doubled = Math.min(MAX_KNOWN_STEPS, Math.max(length, 2 * this.#known.length));
    this.#known = Float64Array.from({ length: doubled }, (_, steps) => this.#sum(steps));
  }
}

/** One for each damping that is in use: those of `auto`, those that are tried, and a given one. */
const reaches = new Map<number, DampedReach>();
