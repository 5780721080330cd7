import type { Sample } from "../../core/sample.ts";

/**
 * The level that a series has been at lately: an exponentially weighted mean over time, in which what is `spanMillis`
 * old weighs 1/e of what is new. On a ramp it lags behind by one span. Samples may come on an irregular clock; those
 * that go back in time or are not finite are passed over. O(1) in time and memory.
 */
export class UsualLevel {
  readonly #spanMillis: number;
  #last: Sample | undefined;

  constructor(spanMillis: number) {
    if (!(spanMillis > 0)) throw new RangeError(`spanMillis: expected a positive number, got ${spanMillis}`);
    this.#spanMillis = spanMillis;
  }

  /** `undefined` before the first sample. */
  get value(): number | undefined {
    return this.#last?.value;
  }

  observe({ at, value }: Sample): void {
    if (!Number.isFinite(value) || !Number.isFinite(at)) return;
    if (this.#last === undefined) {
      this.#last = { at, value };
      return;
    }
    const elapsedMillis = at - this.#last.at;
    if (elapsedMillis <= 0) return;
    const weight = -Math.expm1(-elapsedMillis / this.#spanMillis);
    this.#last = { at, value: this.#last.value + weight * (value - this.#last.value) };
  }
}
