import type { Sample } from "../../core/sample.ts";
import { numberRow } from "../../math/number-row.ts";
import {
  type PastForecast,
  PastForecasts,
  type PendingForecast,
  PendingForecasts,
} from "./pending-forecasts.ts";
import type { SavedReview } from "./saved-review.ts";

/** A published forecast. Times are in epoch milliseconds. */
export interface PublishedForecast extends PendingForecast {
  /** When the forecast was made. */
  readonly at: number;
}

/** How forecasts are reviewed. */
export interface ForecastReviewOptions {
  /**
   * The largest distance between the due time and the sample that scores the forecast. Use half a
   * step of the series.
   */
  readonly toleranceMillis: number;
  /**
   * The maximum number of forecasts that wait to be scored (default 64). For longer horizons, fewer
   * forecasts are kept, evenly spread.
   */
  readonly maxPending?: number;
  /** Scores that are needed before there is a ratio or a coverage (default 10). */
  readonly minScored?: number;
}

/** The error of a forecast, and the error of naive. */
export interface ScoredForecast {
  /** The time that the forecast was for. */
  readonly dueAt: number;
  readonly error: number;
  readonly naiveError: number;
}

/** The time in which a series had one value, and all its forecasts were that value. */
export interface StillTime {
  /** When the first of these forecasts was made, in epoch milliseconds. */
  readonly since: number;
  /** The time of the newest value. */
  readonly until: number;
  readonly value: number;
}

const NONE_SCORED: readonly ScoredForecast[] = [];

/** About how many of the newest scores count. Older ones fade exponentially. */
const MEMORY = 64;
/** The ratio when naive made no error, or almost none. */
const MAX_RATIO = 100;
/** How many forecasts are kept to be looked at after their time has come. */
const PAST = 24;
/** An error below this share of the values is rounding. */
const ROUNDING = 1e-9;

const FIELDS = [
  /** When the newest forecast was made. */
  "newestAt",
  /** The newest sample; its time is `NaN` without one. */
  "beforeAt",
  "beforeValue",
  /** The number of forecasts that were scored. */
  "scored",
  "error",
  "naiveError",
  "covered",
] as const;

/**
 * Reviews the forecasts of one series at one horizon, in bounded memory. It stores each forecast
 * until it is due and scores it against naive by the nearest sample. It keeps the mean absolute
 * errors and the coverage of the interval over about the last 64 scores. A forecast without a
 * sample near its due time is dropped.
 */
export class ForecastReview extends numberRow(FIELDS) {
  readonly #toleranceMillis: number;
  readonly #maxPending: number;
  readonly #minScored: number;
  readonly #pending: PendingForecasts;
  readonly #past: PastForecasts;

  constructor({ toleranceMillis, maxPending = 64, minScored = 10 }: ForecastReviewOptions) {
    if (!(toleranceMillis >= 0)) {
      throw new RangeError(`toleranceMillis: expected a number from 0 up, got ${toleranceMillis}`);
    }
    for (const [name, value] of Object.entries({ maxPending, minScored })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new RangeError(`${name}: expected a whole number of at least 1, got ${value}`);
      }
    }
    const pending = new PendingForecasts(maxPending);
    const past = new PastForecasts(PAST);
    super(pending.width + past.width);
    this.#pending = this.part(pending);
    this.#past = this.part(past);
    this.#toleranceMillis = toleranceMillis;
    this.#maxPending = maxPending;
    this.#minScored = minScored;
    this.begin();
  }

  /** Forgets all forecasts, samples and scores. */
  begin(): void {
    this.clear();
    this.newestAt = Number.NEGATIVE_INFINITY;
    this.beforeAt = Number.NaN;
  }

  /**
   * Forgets everything, and knows then what it would know after such a time: of forecasts that were made
   * `spacingMillis` apart, each for `aheadMillis` later. O(forecasts that are kept).
   */
  beginStill({ since, until, value }: StillTime, aheadMillis: number, spacingMillis: number): void {
    this.begin();
    const madeUntil = (at: number): number => Math.max(0, Math.floor((at - since) / spacingMillis) + 1);
    const made = madeUntil(until);
    this.scored = madeUntil(until - aheadMillis);
    this.covered = this.scored > 0 ? 1 : 0;
    for (let number = Math.max(0, this.scored - PAST); number < made; number += 1) {
      const dueAt = since + number * spacingMillis + aheadMillis;
      const forecast = { dueAt, predicted: value, lower: value, upper: value, naive: value };
      if (number < this.scored) this.#past.push(forecast);
      else this.#pending.push(forecast);
    }
    this.newestAt = since + (made - 1) * spacingMillis;
    this.beforeAt = until;
    this.beforeValue = value;
  }

  /** The number of forecasts that wait to be scored. */
  get pending(): number {
    return this.#pending.length;
  }

  /** The newest forecasts whose time has come, oldest first. */
  past(): PastForecast[] {
    return this.#past.all();
  }

  /**
   * Error of past forecasts over that of naive, at most 100. Below 1 is better than assuming no
   * change; 1 when neither made an error. `undefined` until enough forecasts were scored.
   */
  get errorRatio(): number | undefined {
    if (this.scored < this.#minScored) return undefined;
    if (this.error === 0 && this.naiveError === 0) return 1;
    return Math.min(this.error / this.naiveError, MAX_RATIO);
  }

  /**
   * Share of past values that were inside the interval, 0..1. `undefined` until enough forecasts
   * were scored.
   */
  get coverage(): number | undefined {
    return this.scored < this.#minScored ? undefined : this.covered;
  }

  /**
   * Whether `remember` would store a forecast that is made at this time, for a time so far ahead: not
   * when it is not ahead, or so close to the one before that more than `maxPending` would wait.
   */
  awaits(at: number, aheadMillis: number): boolean {
    const spacing = aheadMillis / this.#maxPending;
    return spacing > 0 && at - this.newestAt >= spacing;
  }

  /**
   * Stores a forecast, which must be newer than those before. It is skipped when it is not awaited or
   * not finite.
   */
  remember(forecast: PublishedForecast): void {
    if (!this.awaits(forecast.at, forecast.dueAt - forecast.at)) return;
    if (!areFinite(forecast)) return;
    this.newestAt = forecast.at;
    this.#pending.push(forecast);
  }

  /**
   * Scores the forecasts that are due and returns their scores. A sample that is older than the one
   * before is ignored.
   */
  observe(sample: Sample): readonly ScoredForecast[] {
    if (!Number.isFinite(sample.value) || !Number.isFinite(sample.at)) return NONE_SCORED;
    if (sample.at < this.beforeAt) return NONE_SCORED;
    let scores = NONE_SCORED;
    while ((this.#pending.nextDueAt ?? Number.POSITIVE_INFINITY) <= sample.at) {
      const due = this.#pending.oldest;
      this.#past.push(due);
      const score = this.#judge(due, sample);
      this.#pending.removeOldest();
      if (score !== undefined) scores = scores === NONE_SCORED ? [score] : [...scores, score];
    }
    this.beforeAt = sample.at;
    this.beforeValue = sample.value;
    return scores;
  }

  /** Moves the times of what it stores, after the clock was set. */
  shift(millis: number): void {
    this.#pending.shiftTimes(millis);
    this.#past.shiftTimes(millis);
    this.newestAt += millis;
    this.beforeAt += millis;
  }

  saved(): SavedReview {
    return {
      ...this.#pending.saved(),
      newestAt: this.newestAt,
      ...(Number.isNaN(this.beforeAt) ? {} : { before: { at: this.beforeAt, value: this.beforeValue } }),
      scored: this.scored,
      error: this.error,
      naiveError: this.naiveError,
      covered: this.covered,
    };
  }

  restore(saved: SavedReview): void {
    this.#pending.restore(saved.pending, saved.from);
    this.newestAt = saved.newestAt;
    this.beforeAt = saved.before?.at ?? Number.NaN;
    this.beforeValue = saved.before?.value ?? 0;
    this.scored = saved.scored;
    this.error = saved.error;
    this.naiveError = saved.naiveError;
    this.covered = saved.covered;
  }

  #judge(forecast: PendingForecast, after: Sample): ScoredForecast | undefined {
    // Without a sample before, the comparison with `NaN` is false.
    const isBefore = forecast.dueAt - this.beforeAt < after.at - forecast.dueAt;
    const nearestAt = isBefore ? this.beforeAt : after.at;
    if (Math.abs(nearestAt - forecast.dueAt) > this.#toleranceMillis) return undefined;
    return this.#score(forecast, isBefore ? this.beforeValue : after.value);
  }

  #score({ dueAt, predicted, lower, upper, naive }: PendingForecast, actual: number): ScoredForecast {
    this.scored++;
    const weight = 1 / Math.min(this.scored, MEMORY);
    const isInside = this.#errorOf(Math.min(Math.max(actual, lower), upper), actual) === 0;
    const error = this.#errorOf(predicted, actual);
    const naiveError = this.#errorOf(naive, actual);
    this.error += weight * (error - this.error);
    this.naiveError += weight * (naiveError - this.naiveError);
    this.covered += weight * ((isInside ? 1 : 0) - this.covered);
    return { dueAt, error, naiveError };
  }

  /** The error of a value of the oldest forecast; 0 when it is rounding. */
  #errorOf(predicted: number, actual: number): number {
    const error = Math.min(Math.abs(predicted - actual), Number.MAX_VALUE);
    const rounding = ROUNDING * Math.max(Math.abs(predicted), Math.abs(actual));
    return error <= Math.max(rounding, this.#pending.roundingOf(predicted)) ? 0 : error;
  }
}

function areFinite({ at, dueAt, predicted, lower, upper, naive }: PublishedForecast): boolean {
  // A sum is finite if all numbers are, unless it is too large.
  if (Number.isFinite(at + dueAt + predicted + lower + upper + naive)) return true;
  return [at, dueAt, predicted, lower, upper, naive].every(Number.isFinite);
}
