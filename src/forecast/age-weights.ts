/**
 * Weights that halve with each `halfLife` points of age. A fit needs thousands of them, and a power
 * takes longer than the rest of a weighted mean: each is computed once.
 */
export class AgeWeights {
  readonly #halfLife: number;
  #weights = new Float64Array(0);

  constructor(halfLifePoints: number) {
    this.#halfLife = halfLifePoints;
  }

  /** @param age in points, a whole number from 0 on. */
  of(age: number): number {
    if (age >= this.#weights.length) this.#grow(age + 1);
    return this.#weights[age] as number;
  }

  #grow(length: number): void {
    const doubled = Math.max(length, 2 * this.#weights.length);
    this.#weights = Float64Array.from({ length: doubled }, (_, age) => 0.5 ** (age / this.#halfLife));
  }
}
