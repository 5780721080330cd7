import type { Sample } from "../../core/sample.ts";

/**
 * The usual level of a series of late: an exponentially weighted mean over time. A sample that is
 * `spanMillis` old weighs 1/e of a new one, so on a ramp it lags one span behind. Samples may be
 * irregular; samples that go back in time or are not finite are ignored. O(1) in time and memory.
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

  /** Moves the time of the last sample, after the clock was set or time has passed unseen. */
  shift(millis: number): void {
    if (this.#last !== undefined) this.#last = { ...this.#last, at: this.#last.at + millis };
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
