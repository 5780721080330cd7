import type { MeasuredPoint } from "../../core/measured-metric.ts";
import { Stream } from "./stream.ts";

/**
 * The last value of a gauge. It is also the point that a collection reports: nothing is made anew.
 */
export class GaugeStream extends Stream implements MeasuredPoint<number> {
  value = Number.NaN;

  override number(value: number, at: number): void {
    if (!this.accepts(value, at)) return;
    this.lastAt = at;
    this.value = value;
  }
}

/** The level of an up-down counter whose sender tells only the changes. */
export class ChangesStream extends Stream implements MeasuredPoint<number> {
  value = 0;

  override number(change: number, at: number): void {
    if (!this.accepts(change, at)) return;
    this.lastAt = at;
    this.value += change;
  }
}
