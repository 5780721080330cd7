import * as v from "valibot";
import type { CountedBefore, LateCount, MeasuredPoint } from "../../core/measured-metric.ts";
import type { HistogramPoint } from "../../core/metric-point.ts";
import { isAllNew, knownStart, withLate } from "./counting-start.ts";
import { histogramDifference, sumOfHistograms } from "./histogram-difference.ts";
import { lastHistogramState, recordingState, type StreamState } from "./saved-stream.ts";
import { Stream } from "./stream.ts";

/** The most points that wait for the next collection. Most of them are added up when they come. */
const MAX_PENDING = 1000;
const NOTHING: HistogramPoint = { kind: "explicit", count: 0, sum: 0, boundaries: [], counts: [0] };

/** What a collection reports of a histogram. */
export type RecordedPoint = MeasuredPoint<HistogramPoint> & CountedBefore;

/** What a histogram has recorded since the last collection. */
abstract class RecordingStream extends Stream {
  #pending: HistogramPoint[] = [];
  #pendingLate: LateCount | undefined;

  override histogram(value: HistogramPoint, at: number, startAt: number): void {
    if (!this.accepts(value.count, at, 0)) return;
    this.take(value, at, knownStart(startAt, at));
    this.lastAt = at;
  }

  /** The points of the collection: one, unless the buckets have changed since the last one. */
  report(): RecordedPoint[] {
    const { labels, source } = this;
    const points: RecordedPoint[] = this.#pending.map((value) => ({ labels, source, value }));
    const late = this.#pendingLate;
    if (late !== undefined) points.push({ labels, source, value: NOTHING, late });
    if (this.goesOn() && points.length === 0) points.push({ labels, source, value: NOTHING });
    this.#pending = [];
    this.#pendingLate = undefined;
    return points;
  }

  override state(): StreamState {
    const late = this.#pendingLate;
    return {
      ...super.state(),
      pending: this.#pending,
      ...(late === undefined ? {} : { pendingLate: late }),
    };
  }

  override goOnFrom(saved: unknown): boolean {
    if (!v.is(recordingState, saved) || !super.goOnFrom(saved)) return false;
    this.#pending = [...saved.pending];
    this.#pendingLate = saved.pendingLate;
    return true;
  }

  protected override get hasPending(): boolean {
    return this.#pending.length > 0 || this.#pendingLate !== undefined;
  }

  protected abstract take(value: HistogramPoint, at: number, startAt: number): void;

  protected add(value: HistogramPoint): void {
    if (value.count === 0) return;
    const last = this.#pending.at(-1);
    const sum = last === undefined ? undefined : sumOfHistograms(last, value);
    if (sum !== undefined) this.#pending[this.#pending.length - 1] = sum;
    else if (this.#pending.length < MAX_PENDING) this.#pending.push(value);
    else this.surroundings.dropped("too_many_points");
  }

  /** It is in no percentile. */
  protected addLate({ sum }: HistogramPoint, since: number): void {
    if (Number.isFinite(sum) && sum !== 0) this.#pendingLate = withLate(this.#pendingLate, sum, since);
  }
}

/** A histogram whose sender tells what was recorded since its previous point. */
export class DeltaHistogramStream extends RecordingStream {
  protected override take(value: HistogramPoint): void {
    this.add(value);
  }
}

/** A histogram whose sender tells what was recorded since its start. */
export class CumulativeHistogramStream extends RecordingStream {
  #last: HistogramPoint | undefined;
  #startAt = Number.NaN;

  protected override take(value: HistogramPoint, at: number, startAt: number): void {
    const last = this.#last;
    const isSteady = at - this.lastAt <= this.surroundings.windowMillis;
    const isNewStart = startAt > Math.max(this.#startAt, this.lastAt);
    const grown = last && (isNewStart ? "reset" : histogramDifference(last, value));
    if (typeof grown === "object") {
      if (isSteady) this.add(grown);
      else this.addLate(grown, this.lastAt);
    } else if (grown === "unknown") {
      if (value.count !== last?.count) this.surroundings.dropped("other_buckets");
    } else {
      const isNew = (grown === "reset" && isSteady) || isAllNew(this.surroundings, at, startAt);
      if (isNew) this.add(value);
      else if (grown === "reset") this.addLate(value, this.lastAt);
    }
    this.#last = value;
    this.#startAt = startAt;
  }

  override state(): StreamState {
    const last = this.#last;
    return { ...super.state(), ...(last === undefined ? {} : { last }), startAt: this.#startAt };
  }

  override goOnFrom(saved: unknown): boolean {
    if (!v.is(lastHistogramState, saved) || !super.goOnFrom(saved)) return false;
    this.#last = saved.last;
    this.#startAt = saved.startAt;
    return true;
  }
}
