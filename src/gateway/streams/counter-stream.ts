import * as v from "valibot";
import type { IncrementPoint, LateCount } from "../../core/measured-metric.ts";
import { isAllNew, knownStart, withLate } from "./counting-start.ts";
import { countingState, type StreamState, totalState } from "./saved-stream.ts";
import { Stream } from "./stream.ts";

/**
 * What a counter has counted since the last collection. It is also the point that a collection
 * reports: nothing is made anew.
 */
abstract class CountingStream extends Stream implements IncrementPoint {
  /** What the collection reports. */
  value = 0;
  /** What was counted in a time that is not known. */
  before: number | undefined;
  /** What was counted over a longer time than a window. */
  late: LateCount | undefined;
  #pending = 0;
  #pendingBefore: number | undefined;
  #pendingLate: LateCount | undefined;

  override number(value: number, at: number, startAt: number): void {
    if (!this.accepts(value, at, 0)) return;
    this.count(value, at, knownStart(startAt, at));
    this.lastAt = at;
  }

  /** Moves what was counted to the point. Returns whether there is something to report. */
  report(): boolean {
    this.value = this.#pending;
    this.before = this.#pendingBefore;
    this.late = this.#pendingLate;
    this.#pending = 0;
    this.#pendingBefore = undefined;
    this.#pendingLate = undefined;
    const hasCounted = this.value !== 0 || this.before !== undefined || this.late !== undefined;
    return this.goesOn() || hasCounted;
  }

  override state(): StreamState {
    const before = this.#pendingBefore;
    const late = this.#pendingLate;
    return {
      ...super.state(),
      pending: this.#pending,
      ...(before === undefined ? {} : { pendingBefore: before }),
      ...(late === undefined ? {} : { pendingLate: late }),
    };
  }

  override goOnFrom(saved: unknown): boolean {
    if (!v.is(countingState, saved) || !super.goOnFrom(saved)) return false;
    this.#pending = saved.pending;
    this.#pendingBefore = saved.pendingBefore;
    this.#pendingLate = saved.pendingLate;
    return true;
  }

  protected override get hasPending(): boolean {
    return this.#pending !== 0 || this.#pendingBefore !== undefined || this.#pendingLate !== undefined;
  }

  protected abstract count(value: number, at: number, startAt: number): void;

  protected add(increment: number): void {
    const sum = this.#pending + increment;
    if (Number.isFinite(sum)) this.#pending = sum;
    else this.surroundings.dropped("not_finite");
  }

  protected addBefore(increment: number): void {
    this.#pendingBefore = (this.#pendingBefore ?? 0) + increment;
  }

  protected addLate(increment: number, since: number): void {
    this.#pendingLate = withLate(this.#pendingLate, increment, since);
  }
}

/** A counter whose sender tells what was counted since its previous point. */
export class DeltaStream extends CountingStream {
  protected override count(value: number): void {
    this.add(value);
  }
}

/**
 * A counter whose sender tells what was counted since its start. A total that falls, or a later
 * start, means that the sender has begun anew.
 *
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#resets-and-gaps
 */
export class CumulativeStream extends CountingStream {
  #total: number | undefined;
  #startAt = Number.NaN;

  protected override count(total: number, at: number, startAt: number): void {
    const last = this.#total;
    const hasRestarted =
      last !== undefined && (total < last || startAt > Math.max(this.#startAt, this.lastAt));
    const isSteady = at - this.lastAt <= this.surroundings.windowMillis;
    if (last === undefined || (hasRestarted && !isSteady)) {
      if (isAllNew(this.surroundings, at, startAt)) this.add(total);
      else if (last === undefined) this.addBefore(total);
      else this.addLate(total, this.lastAt);
    } else {
      const grown = hasRestarted ? total : total - last;
      if (isSteady) this.add(grown);
      else this.addLate(grown, this.lastAt);
    }
    this.#total = total;
    this.#startAt = startAt;
  }

  override state(): StreamState {
    const total = this.#total;
    return { ...super.state(), ...(total === undefined ? {} : { total }), startAt: this.#startAt };
  }

  override goOnFrom(saved: unknown): boolean {
    if (!v.is(totalState, saved) || !super.goOnFrom(saved)) return false;
    this.#total = saved.total;
    this.#startAt = saved.startAt;
    return true;
  }
}
