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
type Lasting = Pick<ClockedModel, "isLasting" | "hasSeasons" | "isOffClock">;

/** How old a model is, and how old what it knows of its seasons. Times are in epoch milliseconds. */
export class ModelAge {
  readonly #model: Lasting;
  readonly #knownPoints: number;
  readonly #isYoung: boolean;
  readonly #phase: number;
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
    this.#model = model;
    this.#knownPoints = fit.knownPoints;
    this.#isYoung = fit.knownPoints < fit.horizonSteps * 2;
    this.#phase = fit.phase ?? MIDDLE_PHASE;
    this.#fittedAt = fittedAt;
    this.#followedAt = fittedAt;
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

  /** For how many forecast intervals the model stays in use. */
  get intervals(): number {
    if (!this.#model.isLasting || this.#knownPoints < MIN_LASTING_POINTS) return 1;
    return LASTING_INTERVALS + SPREAD_INTERVALS * (this.#phase - MIDDLE_PHASE);
  }

  /**
   * Whether a new model is needed: after the forecast interval, or many of them for a lasting model,
   * when a young series has grown, and when the local clock was changed.
   */
  isOver(knownPoints: number, now: number, forecastIntervalMillis: number): boolean {
    const isOld = now - this.#fittedAt >= this.intervals * forecastIntervalMillis;
    if (this.#model.isOffClock || isOld) return true;
    return this.#isYoung && knownPoints >= this.#knownPoints * GROWTH;
  }

  /** Whether the seasons must be estimated anew, or looked for. */
  mustFollow(now: number, forecastIntervalMillis: number): boolean {
    const intervals = this.#model.hasSeasons ? 1 : SEARCH_INTERVALS;
    return now - this.#followedAt >= intervals * forecastIntervalMillis;
  }

  /** Moves the times with those of the series. */
  shift(millis: number): void {
    this.#fittedAt += millis;
    this.#followedAt += millis;
  }
}
