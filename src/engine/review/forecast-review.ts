import type { Sample } from "../../core/sample.ts";
import { type PendingForecast, PendingForecasts } from "./pending-forecasts.ts";

/** A forecast as it was published. Times are in epoch milliseconds. */
export interface PublishedForecast extends PendingForecast {
  /** When it was made. */
  readonly at: number;
}

/** How forecasts are reviewed. */
export interface ForecastReviewOptions {
  /** How far from its due time a sample may be taken to score a forecast: half a step of the series. */
  readonly toleranceMillis: number;
  /** Forecasts that may wait for their time at once (default 64). Those of a longer horizon are thinned evenly. */
  readonly maxPending?: number;
  /** Scores before anything is said (default 10). */
  readonly minScored?: number;
}

/** How far a forecast was off, and how far naive would have been. */
export interface ScoredForecast {
  readonly error: number;
  readonly naiveError: number;
}

const NONE_SCORED: readonly ScoredForecast[] = [];

/** How many of the newest scores weigh in, about: older ones fade exponentially. */
const MEMORY = 64;
/** Said when forecasts missed and naive did not, or hardly: bad without bound, but a number. */
const WORST_RATIO = 100;
/** An error below this share of the values is rounding. */
const ROUNDING = 1e-9;

/**
 * Reviews the forecasts of one series at one horizon: remembers them until their time comes, scores each by the sample
 * nearest to it against naive, and keeps the mean absolute errors and the coverage of the interval over about the last
 * 64 scores. A forecast whose time passes without a sample close enough is forgotten. In bounded memory.
 */
export class ForecastReview {
  readonly #toleranceMillis: number;
  readonly #maxPending: number;
  readonly #minScored: number;
  readonly #pending: PendingForecasts;
  #newestAt = Number.NEGATIVE_INFINITY;
  #before: Sample | undefined;
  #scored = 0;
  #error = 0;
  #naiveError = 0;
  #covered = 0;

  constructor({ toleranceMillis, maxPending = 64, minScored = 10 }: ForecastReviewOptions) {
    if (!(toleranceMillis >= 0)) {
      throw new RangeError(`toleranceMillis: expected a number from 0 up, got ${toleranceMillis}`);
    }
    for (const [name, value] of Object.entries({ maxPending, minScored })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new RangeError(`${name}: expected a whole number of at least 1, got ${value}`);
      }
    }
    this.#toleranceMillis = toleranceMillis;
    this.#maxPending = maxPending;
    this.#minScored = minScored;
    this.#pending = new PendingForecasts(maxPending);
  }

  /** Forecasts that wait for their time. */
  get pending(): number {
    return this.#pending.length;
  }

  /** Forecasts that have been scored, ever. */
  get scored(): number {
    return this.#scored;
  }

  /**
   * Error of past forecasts over that of naive: below 1 is better than assuming no change. 1 where neither erred, at
   * most 100. `undefined` until enough have been scored.
   */
  get errorRatio(): number | undefined {
    if (this.#scored < this.#minScored) return undefined;
    if (this.#error === 0 && this.#naiveError === 0) return 1;
    return Math.min(this.#error / this.#naiveError, WORST_RATIO);
  }

  /** Share of past values that fell inside the interval, 0..1; `undefined` until enough have been scored. */
  get coverage(): number | undefined {
    return this.#scored < this.#minScored ? undefined : this.#covered;
  }

  /**
   * Remembers a forecast of the one horizon, made after those before. Passed over when it is not finite, not ahead, or
   * follows the one before so closely that more than `maxPending` would wait at once.
   */
  remember(forecast: PublishedForecast): void {
    const spacing = (forecast.dueAt - forecast.at) / this.#maxPending;
    if (!(spacing > 0) || forecast.at - this.#newestAt < spacing) return;
    if (!Object.values(forecast).every(Number.isFinite)) return;
    this.#newestAt = forecast.at;
    this.#pending.push(forecast);
  }

  /**
   * Scores the forecasts whose time has come, and gives their scores. Samples are to come in order; others are passed
   * over.
   */
  observe(sample: Sample): readonly ScoredForecast[] {
    if (!Number.isFinite(sample.value) || !Number.isFinite(sample.at)) return NONE_SCORED;
    if (this.#before !== undefined && sample.at < this.#before.at) return NONE_SCORED;
    let scores = NONE_SCORED;
    while ((this.#pending.nextDueAt ?? Number.POSITIVE_INFINITY) <= sample.at) {
      const score = this.#judge(this.#pending.shift() as PendingForecast, sample);
      if (score !== undefined) scores = [...scores, score];
    }
    this.#before = sample;
    return scores;
  }

  #judge(forecast: PendingForecast, after: Sample): ScoredForecast | undefined {
    const before = this.#before ?? after;
    const nearest = forecast.dueAt - before.at < after.at - forecast.dueAt ? before : after;
    if (Math.abs(nearest.at - forecast.dueAt) > this.#toleranceMillis) return undefined;
    return this.#score(forecast, nearest.value);
  }

  #score({ predicted, lower, upper, naive }: PendingForecast, actual: number): ScoredForecast {
    this.#scored++;
    const weight = 1 / Math.min(this.#scored, MEMORY);
    const isInside = errorOf(Math.min(Math.max(actual, lower), upper), actual) === 0;
    const error = errorOf(predicted, actual);
    const naiveError = errorOf(naive, actual);
    this.#error += weight * (error - this.#error);
    this.#naiveError += weight * (naiveError - this.#naiveError);
    this.#covered += weight * ((isInside ? 1 : 0) - this.#covered);
    return { error, naiveError };
  }
}

function errorOf(told: number, actual: number): number {
  const error = Math.min(Math.abs(told - actual), Number.MAX_VALUE);
  return error <= ROUNDING * Math.max(Math.abs(told), Math.abs(actual)) ? 0 : error;
}
