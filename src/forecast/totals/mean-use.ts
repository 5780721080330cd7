import type { FittedMethod } from "../method.ts";

/**
 * A total continues with its mean use in a step. The use of a step that is `span` steps ago weighs
 * 1/e of the newest; an infinite span weighs all steps alike. A burst loses its weight bit by bit,
 * so the forecast does not jump when the burst leaves a window. It accepts no gaps. O(1).
 */
export class MeanUse implements FittedMethod {
  readonly #decay: number;
  #last = Number.NaN;
  #used = 0;
  #weight = 0;

  constructor(span: number) {
    this.#decay = Math.exp(-1 / span);
  }

  update(total: number): void {
    if (!Number.isNaN(this.#last)) {
      this.#used = this.#decay * this.#used + (total - this.#last);
      this.#weight = this.#decay * this.#weight + 1;
    }
    this.#last = total;
  }

  at(steps: number): number {
    return this.#weight > 0 ? this.#last + (steps * this.#used) / this.#weight : this.#last;
  }
}
