import type { HistogramPoint } from "../../core/metric-point.ts";
import type { StreamIntake } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";

/** Why a point was left out. Each is a value of `forecast_gateway_dropped_total{reason}`. */
export type DroppedReason =
  | "late"
  | "too_far_ahead"
  | "not_finite"
  | "negative"
  | "wrong_kind"
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
  protected readonly surroundings: StreamSurroundings;
  /** The time of the last point, as its sender has told it. */
  protected lastAt = Number.NEGATIVE_INFINITY;

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
    if (at >= this.lastAt) this.hasEnded = true;
  }

  /**
   * Whether a point can be used: it is newer than the last one, and its value is a number. If not,
   * it is counted as dropped.
   */
  protected accepts(value: number, at: number, least = Number.NEGATIVE_INFINITY): boolean {
    const now = this.surroundings.now();
    if (!Number.isFinite(value)) return this.#drop("not_finite");
    if (value < least) return this.#drop("negative");
    if (!(at > this.lastAt)) return this.#drop("late");
    if (at > now + MAX_AHEAD_MILLIS) return this.#drop("too_far_ahead");
    this.heardAt = now;
    this.hasEnded = false;
    return true;
  }

  #drop(reason: DroppedReason): false {
    this.surroundings.dropped(reason);
    return false;
  }
}
