import type { Sample } from "../../core/sample.ts";
import { LentRow } from "../../math/lent-row.ts";
import type { RowTables } from "../../math/row-tables.ts";
import { weightedMean } from "../../math/weighted-mean.ts";
import { WeightedMedian } from "../../math/weighted-median.ts";
import { WaitingRows } from "../waiting-rows.ts";
import type { SavedCandidateTrial } from "./saved-windowed.ts";
import { type Expected, ScoredInterval } from "./scored-interval.ts";

/** How many forecasts of a horizon wait at once to be scored, evenly spread. */
const PENDING = 16;
/** The power of the error in a weight: twice the error gives a thirty-second of the weight. */
const SHARPNESS = 5;
/** The assumed errors count as much as the errors of this many horizons. */
const ASSUMED_HORIZONS = 2;
/** The assumed scatter counts as much as the scores of this many horizons. */
const ASSUMED_SCATTER_HORIZONS = 3;
/** Errors fade by half after this many horizons. */
const MEMORY_HORIZONS = 12;
/** The horizons of scores that an error needs. */
const MIN_HORIZONS = 0.9;
/** The place of the candidates in a row. */
const FIRST_CANDIDATE = 4;
/** Prevents a division by 0. */
const NEGLIGIBLE = 1e-12;

/** How a trial is made. */
export interface TrialOptions {
  readonly horizonSeconds: number;
  /** The time between two forecasts. */
  readonly stepMillis: number;
  /** The error of each candidate that is assumed at first, relative to each other. */
  readonly assumedErrors: readonly number[];
  readonly combination: "mean" | "median";
  /** Where its numbers are. */
  readonly tables: RowTables;
}

/**
 * The trial of several ways to forecast one series at one horizon: a rolling backtest while the
 * series goes on. The forecasts of every candidate are scored when they are due. The forecast is
 * the weighted median or mean of the candidates; a candidate with twice the error has a
 * thirty-second of the weight. Candidate 0 is "no change", so the result is never much worse.
 */
export class CandidateTrial {
  readonly horizonSeconds: number;
  readonly #perHorizon: number;
  readonly #size: number;
  /** For each candidate the error that is assumed, then the errors that were found, then the weights. */
  readonly #row: LentRow;
  readonly #median: WeightedMedian | undefined;
  /** Rows of the due time, the forecast, its deviations and the candidates. */
  readonly #pending: WaitingRows;
  readonly #interval: ScoredInterval;
  #newestAt = Number.NEGATIVE_INFINITY;
  #error = 0;
  #horizons = 0;

  constructor({ horizonSeconds, stepMillis, assumedErrors, combination, tables }: TrialOptions) {
    this.horizonSeconds = horizonSeconds;
    this.#perHorizon = Math.min(PENDING, Math.max(1, Math.floor(this.#horizonMillis / stepMillis)));
    this.#size = assumedErrors.length;
    this.#row = LentRow.of(tables, 3 * this.#size);
    this.#row.set(assumedErrors);
    this.#median = combination === "median" ? new WeightedMedian(this.#size) : undefined;
    this.#pending = new WaitingRows(tables, this.#perHorizon + 1, this.#size + FIRST_CANDIDATE);
    this.#interval = new ScoredInterval(this.#perHorizon);
    this.#weigh();
  }

  /** The candidate with the largest weight. */
  get best(): number {
    let best = 0;
    for (let candidate = 1; candidate < this.#size; candidate += 1)
      if (this.#weightOf(candidate) > this.#weightOf(best)) best = candidate;
    return best;
  }

  /** The error of the forecasts relative to no change; `undefined` before a horizon was scored. */
  get errorVersusNaive(): number | undefined {
    if (this.#horizons < MIN_HORIZONS) return undefined;
    return (this.#error + NEGLIGIBLE) / (this.#errorOf(0) + NEGLIGIBLE);
  }

  /** Changes the assumed error of a candidate, because something else has measured it. */
  assume(candidate: number, error: number): void {
    if (this.#row.at(candidate) === error) return;
    this.#row.put(candidate, error);
    this.#weigh();
  }

  /** How little of the intervals rests on scores: 1 at first, towards 0 later. */
  get unprovenShare(): number {
    return ASSUMED_SCATTER_HORIZONS / (this.#horizons + ASSUMED_SCATTER_HORIZONS);
  }

  /** The mean error of no change so far. */
  get usualChange(): number {
    return this.#horizons === 0 ? 0 : this.#errorOf(0) / (this.#horizons * this.#perHorizon);
  }

  combine(candidates: Float64Array): number {
    const { numbers, first } = this.#row;
    const firstWeight = first + 2 * this.#size;
    return (
      this.#median?.of(candidates, numbers, 0, firstWeight) ?? weightedMean(candidates, numbers, firstWeight)
    );
  }

  /** The 80 % interval around a forecast. */
  interval(expected: Expected): { lower: number; upper: number } {
    return this.#interval.around(expected);
  }

  /** Stores the forecasts of one moment, unless those before are too close. */
  remember(at: number, candidates: Float64Array, { predicted, down, up }: Expected): void {
    if (at - this.#newestAt < this.#horizonMillis / this.#perHorizon) return;
    this.#newestAt = at;
    const row = this.#pending.add();
    row.set([at + this.#horizonMillis, predicted, down, up]);
    row.set(candidates, FIRST_CANDIDATE);
  }

  /** Scores the forecasts that are due by a value, if it is at most `tolerance` late. */
  observe({ at, value }: Sample, toleranceMillis: number): void {
    let hasScored = false;
    for (let row = this.#pending.takeDue(at); row !== undefined; row = this.#pending.takeDue(at)) {
      if (at - (row[0] as number) > toleranceMillis) continue;
      this.#score(row, value);
      hasScored = true;
    }
    if (!hasScored) return;
    this.#weigh();
    this.#interval.adapt(this.unprovenShare);
  }

  /** Moves the times of what it stores, after the clock was set. */
  shiftTimes(millis: number): void {
    this.#pending.shiftTimes(millis);
    this.#newestAt += millis;
  }

  saved(): Omit<SavedCandidateTrial, "seconds"> {
    return {
      assumed: this.#row.slice(0, this.#size),
      errors: this.#row.slice(this.#size, 2 * this.#size),
      pending: this.#pending.saved(),
      newestAt: this.#newestAt,
      scores: this.#interval.saved(),
      error: this.#error,
      horizons: this.#horizons,
    };
  }

  /** @throws RangeError when the numbers are those of other candidates. */
  restore(saved: Omit<SavedCandidateTrial, "seconds">): void {
    if (saved.errors.length !== this.#size || saved.assumed.length !== this.#size)
      throw new RangeError("other candidates");
    this.#pending.restore(saved.pending);
    this.#newestAt = saved.newestAt;
    this.#row.set(saved.assumed);
    this.#row.set(saved.errors, this.#size);
    this.#error = saved.error;
    this.#horizons = saved.horizons;
    this.#weigh();
    this.#interval.restore(saved.scores, this.unprovenShare);
  }

  /** Gives back the memory of its numbers, when it is not needed any more. */
  remove(): void {
    this.#row.giveBack();
    this.#pending.clear();
  }

  get #horizonMillis(): number {
    return this.horizonSeconds * 1000;
  }

  #score(row: Float64Array, value: number): void {
    const kept = 0.5 ** (1 / (this.#perHorizon * MEMORY_HORIZONS));
    for (let candidate = 0; candidate < this.#size; candidate += 1) {
      const error = Math.abs(value - (row[FIRST_CANDIDATE + candidate] as number));
      this.#row.put(this.#size + candidate, this.#errorOf(candidate) * kept + error);
    }
    this.#horizons = this.#horizons * kept + 1 / this.#perHorizon;
    const predicted = row[1] as number;
    this.#error = this.#error * kept + Math.abs(value - predicted);
    this.#interval.score({ predicted, down: row[2] as number, up: row[3] as number }, value);
  }

  #weigh(): void {
    const change = this.#errorOf(0) + NEGLIGIBLE;
    for (let candidate = 0; candidate < this.#size; candidate += 1) {
      const found = (this.#errorOf(candidate) + NEGLIGIBLE) / change;
      const assumed = this.#row.at(candidate);
      const relative =
        (ASSUMED_HORIZONS * assumed + this.#horizons * found) / (ASSUMED_HORIZONS + this.#horizons);
      this.#row.put(2 * this.#size + candidate, relative ** -SHARPNESS);
    }
  }

  #errorOf(candidate: number): number {
    return this.#row.at(this.#size + candidate);
  }

  #weightOf(candidate: number): number {
    return this.#row.at(2 * this.#size + candidate);
  }
}
