import * as v from "valibot";
import type { MeasuredPoint } from "../../core/measured-metric.ts";
import { levelState, type StreamState } from "./saved-stream.ts";
import { Stream } from "./stream.ts";

/** A stream that has a value at any time. */
abstract class LevelStream extends Stream implements MeasuredPoint<number> {
  abstract value: number;

  override state(): StreamState {
    return { ...super.state(), value: this.value };
  }

  override goOnFrom(saved: unknown): boolean {
    if (!v.is(levelState, saved) || !super.goOnFrom(saved)) return false;
    this.value = saved.value;
    return true;
  }
}

/**
 * The last value of a gauge. It is also the point that a collection reports: nothing is made anew.
 */
export class GaugeStream extends LevelStream {
  override value = Number.NaN;

  override number(value: number, at: number): void {
    if (!this.accepts(value, at)) return;
    this.lastAt = at;
    this.value = value;
  }
}

/** The level of an up-down counter whose sender tells only the changes. */
export class ChangesStream extends LevelStream {
  override value = 0;

  override number(change: number, at: number): void {
    const sum = this.value + change;
    if (!this.accepts(sum, at)) return;
    this.lastAt = at;
    this.value = sum;
  }
}
