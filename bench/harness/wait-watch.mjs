import { ascendingQuantile } from "../../build/src/math/ascending-quantile.js";

const STEP_MILLIS = 1;

/**
 * Measures how long something waits that happens to a process at any time, until the event loop runs it: a timer
 * every millisecond. A timer that is late stands for all those that would have been due meanwhile, which
 * waited for less each. Otherwise one long turn would count as one wait of many.
 */
export class WaitWatch {
  #waits = [];
  #dueAt = performance.now() + STEP_MILLIS;
  #timer = setInterval(() => this.#take(), STEP_MILLIS);

  /** @returns {{ p50: number, p99: number, p999: number, longest: number }} in milliseconds */
  stop() {
    clearInterval(this.#timer);
    const ascending = Float64Array.from(this.#waits).sort();
    return {
      p50: ascendingQuantile(ascending, 0.5),
      p99: ascendingQuantile(ascending, 0.99),
      p999: ascendingQuantile(ascending, 0.999),
      longest: ascending.at(-1) ?? Number.NaN,
    };
  }

  #take() {
    const now = performance.now();
    for (let wait = now - this.#dueAt; wait > 0; wait -= STEP_MILLIS) this.#waits.push(wait);
    this.#dueAt = now + STEP_MILLIS;
  }
}
