/**
 * Adds numbers up without the errors of rounding: what each addition loses is kept beside the sum
 * (A. Neumaier, 1974). It gives what `sum` of `simple-statistics` gives, without an array.
 */
export class CompensatedSum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    if (this.#sum === 0 && this.#lost === 0) {
      // Nothing can be lost. An infinite value would lose a `NaN`.
      this.#sum = value;
      return;
    }
    const next = this.#sum + value;
    this.#lost +=
      Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
  }

  get total(): number {
    return this.#sum + this.#lost;
  }
}
