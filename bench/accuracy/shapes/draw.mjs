import { randomFrom } from "../random.mjs";

/**
 * Random draws from a seed. The parameters of shapes come from ranges; `stretch` widens every range, so
 * that held-out shapes also have parameters that the tuning shapes never have.
 */
export class Draw {
  #random;
  #stretch;

  constructor(seed, stretch = 1) {
    this.#random = randomFrom(1 + (seed % 2147483645));
    this.#stretch = stretch;
    for (let index = 0; index < 5; index++) this.#random();
  }

  /** A number of a range of positive numbers. */
  between(low, high) {
    const from = low / this.#stretch;
    return from + (high * this.#stretch - from) * this.#random();
  }

  /** A whole number of a range; ranges of whole numbers are not stretched. */
  integer(low, high) {
    return low + Math.floor((high - low + 1) * this.#random());
  }

  chance(probability) {
    return this.#random() < probability;
  }

  pick(choices) {
    return choices[this.integer(0, choices.length - 1)];
  }

  normal(deviation = 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#random()));
    return deviation * radius * Math.cos(2 * Math.PI * this.#random());
  }

  poisson(mean) {
    let count = 0;
    let passed = -Math.log(1 - this.#random());
    while (passed < mean) {
      passed -= Math.log(1 - this.#random());
      count++;
    }
    return count;
  }
}
