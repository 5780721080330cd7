import * as v from "valibot";
import type { HistogramPoint } from "../../core/metric-point.ts";
import type { StreamIntake } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";
import { type StreamState, streamState } from "./saved-stream.ts";

/** Why a point was left out. Each is a value of `forecast_gateway_dropped_total{reason}`. */
export type DroppedReason =
  | "late"
  | "too_far_ahead"
  | "not_finite"
  | "negative"
  | "wrong_kind"
  | "other_buckets"
  | "too_many_streams"
  | "too_little_memory"
  | "too_many_points"
  | "not_owned";

/** What the streams of a table have in common. */
export interface StreamSurroundings {
  /** Epoch milliseconds. */
  now(): number;
  /** Since when the table has listened, in epoch milliseconds. */
  readonly startedAt: number;
  /** How far rates and percentiles look back. What was counted over a longer time is in none. */
  readonly windowMillis: number;
  /** The partition of a topic that the points come from; `undefined`: they come by another way. */
  readonly partition?: number | undefined;
  readonly tenant?: string | undefined;
  dropped(reason: DroppedReason): void;
}

/** A point may be this much ahead of the clock of this machine. Prometheus has the same limit. */
const MAX_AHEAD_MILLIS = 600_000;

/** What all kinds of streams have in common: their labels, and the order of their points. */
export abstract class Stream implements StreamIntake {
  readonly labels: Labels;
  /** All attributes of the resource, for views that name them. */
  readonly source: Labels;
  /** Identifies it in its metric. */
  readonly id: string;
  /** When the last point came, in epoch milliseconds of this machine. */
  heardAt: number;
  hasEnded = false;
  /** Whether it has left its metric. */
  isForgotten = false;
  protected readonly surroundings: StreamSurroundings;
  /** The time of the last point, as its sender has told it. */
  protected lastAt = Number.NEGATIVE_INFINITY;
  /** For how long nobody could hear it since the last point, in milliseconds. */
  #unheardMillis = 0;
  /** Whether the next collection has to report it, whatever was counted. */
  #goesOn = false;

  constructor(id: string, labels: Labels, source: Labels, surroundings: StreamSurroundings) {
    this.id = id;
    this.labels = labels;
    this.source = source;
    this.surroundings = surroundings;
    this.heardAt = surroundings.now();
  }

  number(_value: number, _at: number, _startAt: number): void {
    this.surroundings.dropped("wrong_kind");
  }

  histogram(_value: HistogramPoint, _at: number, _startAt: number): void {
    this.surroundings.dropped("wrong_kind");
  }

  end(at: number): void {
    if (at >= this.lastAt || this.#isFromOtherClock(this.surroundings.now())) this.hasEnded = true;
  }

  get partition(): number | undefined {
    return this.surroundings.partition;
  }

  /** Since when it is silent, in epoch milliseconds, without the time in which nobody could hear it. */
  get silentSince(): number {
    return this.heardAt + this.#unheardMillis;
  }

  /** Takes note that nobody could hear it for some time: that of an absence is not the silence of a sender. */
  excuse(millis: number): void {
    this.#unheardMillis += millis;
  }

  /**
   * The clock of this machine was set.
   *
   * @param millis how far forward (above 0) or back.
   * @param now the time by it. Nothing was heard later, whether before the clock was set or since.
   */
  shift(millis: number, now: number): void {
    this.heardAt = Math.min(this.heardAt + Math.max(0, millis), now);
  }

  get tenant(): string | undefined {
    return this.surroundings.tenant;
  }

  /**
   * A number that is another one each time that the state changes; `undefined` if it may change
   * without a point.
   */
  get version(): number | undefined {
    return this.hasPending ? undefined : this.lastAt;
  }

  /** Where it is, as plain data. */
  state(): StreamState {
    return { lastAt: this.lastAt, heardAt: this.heardAt };
  }

  /** Goes on from a saved state. Returns `false` if that is none of such a stream. */
  goOnFrom(saved: unknown): boolean {
    if (!v.is(streamState, saved)) return false;
    this.lastAt = saved.lastAt;
    this.heardAt = saved.heardAt;
    this.#goesOn = true;
    return true;
  }

  /**
   * Its series goes on in other windows, after a restart or under another configuration. So a collection has to
   * report it although nothing was counted.
   */
  goOn(): void {
    this.#goesOn = true;
  }

  /** Whether a collection has to report it, once. That of a silent sender waits until it is heard again. */
  protected goesOn(): boolean {
    const { surroundings, heardAt } = this;
    const goesOn = this.#goesOn && surroundings.now() - heardAt <= surroundings.windowMillis;
    if (goesOn) this.#goesOn = false;
    return goesOn;
  }

  /** Whether something waits for the next collection. */
  protected get hasPending(): boolean {
    return false;
  }

  /**
   * Whether a point can be used: it is newer than the last one, and its value is a number. If not,
   * it is counted as dropped.
   */
  protected accepts(value: number, at: number, least = Number.NEGATIVE_INFINITY): boolean {
    const now = this.surroundings.now();
    if (!Number.isFinite(value)) return this.#drop("not_finite");
    if (value < least) return this.#drop("negative");
    if (!(at > this.lastAt || (Number.isFinite(at) && this.#isFromOtherClock(now))))
      return this.#drop("late");
    if (at > now + MAX_AHEAD_MILLIS) return this.#drop("too_far_ahead");
    this.heardAt = now;
    this.#unheardMillis = 0;
    this.hasEnded = false;
    return true;
  }

  /**
   * Whether the last point is further ahead than one may be: the clock of this machine was set back since.
   * Its time then says nothing of the order of points.
   */
  #isFromOtherClock(now: number): boolean {
    return this.lastAt > now + MAX_AHEAD_MILLIS;
  }

  #drop(reason: DroppedReason): false {
    this.surroundings.dropped(reason);
    return false;
  }
}
