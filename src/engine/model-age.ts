import type { ClockedModel } from "./clocked-model.ts";

/** A young model is replaced when its series has grown by this factor. */
const GROWTH = 1.5;
/**
 * A lasting model stays in use for this many forecast intervals, if it was fitted to enough points.
 * `npm run bench:lasting` compares such models with new ones.
 */
const LASTING_INTERVALS = 12;
const MIDDLE_PHASE = 0.5;
/** Lives differ by at most this many intervals, so that many series are not fitted at once. */
const SPREAD_INTERVALS = 2;
const MIN_LASTING_POINTS = 300;
/** The forecast intervals between two searches for a season, for a lasting model without one. */
const SEARCH_INTERVALS = 6;

/** What decides how long a model stays in use. */
type Lasting = Pick<ClockedModel, "isLasting" | "hasSeasons">;

/** How old a model is, and how old what it knows of its seasons. Times are in epoch milliseconds. */
export class ModelAge {
  /** For how many forecast intervals the model stays in use. */
  readonly intervals: number;
  /** For how many forecast intervals the seasons stay in use. */
  readonly #seasonIntervals: number;
  /** From this number of points on, the model of a young series is too young. */
  readonly #maxPoints: number;
  #fittedAt: number;
  #followedAt: number;

  constructor(
    model: Lasting,
    fittedAt: number,
    fit: {
      /** That the series had. */
      readonly knownPoints: number;
      /** That the model predicts. */
      readonly horizonSteps: number;
      /** From 0 to 1: where the series is among those of the process. Absent: in the middle. */
      readonly phase: number | undefined;
    },
  ) {
    const { knownPoints, phase = MIDDLE_PHASE } = fit;
    const lasts = model.isLasting && knownPoints >= MIN_LASTING_POINTS;
    this.intervals = lasts ? LASTING_INTERVALS + SPREAD_INTERVALS * (phase - MIDDLE_PHASE) : 1;
    this.#seasonIntervals = model.hasSeasons ? 1 : SEARCH_INTERVALS;
    const isYoung = knownPoints < fit.horizonSteps * 2;
    this.#maxPoints = isYoung ? knownPoints * GROWTH : Number.POSITIVE_INFINITY;
    this.#fittedAt = fittedAt;
    this.#followedAt = fittedAt;
  }

  /** Whether the model stays in use for many forecast intervals. */
  get lasts(): boolean {
    return this.intervals > 1;
  }

  get fittedAt(): number {
    return this.#fittedAt;
  }

  /** When the seasons were estimated for the last time. */
  get followedAt(): number {
    return this.#followedAt;
  }

  followed(at: number): void {
    this.#followedAt = at;
  }

  /**
   * Whether a new model is needed: after the forecast interval, or many of them for a lasting model,
   * and when a young series has grown.
   */
  isOver(knownPoints: number, now: number, forecastIntervalMillis: number): boolean {
    if (now - this.#fittedAt >= this.intervals * forecastIntervalMillis) return true;
    return knownPoints >= this.#maxPoints;
  }

  /** Whether the seasons must be estimated anew, or looked for. */
  mustFollow(now: number, forecastIntervalMillis: number): boolean {
    return now - this.#followedAt >= this.#seasonIntervals * forecastIntervalMillis;
  }

  /** Moves the times with those of the series. */
  shift(millis: number): void {
    this.#fittedAt += millis;
    this.#followedAt += millis;
  }
}
