import type { FittedMethod } from "../method.ts";

/**
 * The drift method: a total continues with the mean step of its last `window` steps, which may be
 * infinite. It accepts no gaps. https://otexts.com/fpp3/simple-methods.html
 */
export class Drift implements FittedMethod {
  readonly #window: number;
  /** The totals of the window and the one before; only the first total for an infinite window. */
  readonly #ring: number[] = [];
  #oldest = 0;
  #steps = -1;
  #last = 0;

  constructor(window: number) {
    this.#window = window;
  }

  update(total: number): void {
    this.#last = total;
    this.#steps++;
    if (this.#steps === 0) this.#ring.push(total);
    if (this.#steps === 0 || this.#window === Infinity) return;
    if (this.#steps <= this.#window) {
      this.#ring.push(total);
      return;
    }
    this.#ring[this.#oldest] = total;
    this.#oldest = (this.#oldest + 1) % this.#ring.length;
  }

  at(steps: number): number {
    const seen = Math.min(this.#steps, this.#window);
    const drift = seen > 0 ? (this.#last - (this.#ring[this.#oldest] as number)) / seen : 0;
    return this.#last + steps * drift;
  }
}
