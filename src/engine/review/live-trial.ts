import type { Sample } from "../../core/sample.ts";
import { numberRow } from "../../math/number-row.ts";
import { ExcessError } from "./excess-error.ts";
import { ForecastReview, type PublishedForecast, type StillTime } from "./forecast-review.ts";
import type { PastForecast } from "./pending-forecasts.ts";
import type { SavedTrial, TrialState } from "./saved-review.ts";

/** A model on probation is used when its live error ratio falls below this. */
const BETTER = 1;
/** Scored forecasts that this needs. */
const MIN_SCORED = 20;
/** Forecasts of former models are left out at most once in this many horizons. */
const HORIZONS_BETWEEN_RENEWALS = 2;
/** The maximum number of forecasts of one horizon that wait to be scored. */
const MAX_PENDING = 32;
/**
 * How many forecasts may wait beyond those that are made in the time of a horizon: the sample that scores
 * them may be late.
 */
const LATE = 2;
/** The states by their number in a row. */
const STATES = ["in-use", "dismissed", "on-probation"] as const satisfies readonly TrialState[];
const IN_USE = STATES.indexOf("in-use");
const DISMISSED = STATES.indexOf("dismissed");
const ON_PROBATION = STATES.indexOf("on-probation");

/** How a model is tried. */
export interface LiveTrialOptions {
  readonly horizonMillis: number;
  /** The time between two forecasts. */
  readonly stepMillis: number;
  /** False for a model that must never be dismissed. */
  readonly mayDismiss: boolean;
}

/**
 * Decides whether the fitted model or naive forecasts a series at one horizon, from the scores of
 * the model's forecasts.
 *
 * - The model is dismissed when its errors beyond 1.1 times those of naive add up to two horizons
 *   of usual error (`ExcessError`), after at least 20 scores. Naive then replaces it.
 * - The next fitted model is on probation: it is scored from its first forecast on. It is used when
 *   its live error ratio is below 1, after at least 20 scores and one whole horizon of them.
 * - A change of the series makes all forecasts bad that were made before. The model that is fitted
 *   because of it is not dismissed for them. At least half of the forecasts count all the same.
 */
export class LiveTrial extends numberRow(["state", "renewedAt"], ExcessError) {
  readonly #mayDismiss: boolean;
  readonly #scoresPerHorizon: number;
  readonly #horizonMillis: number;
  /** The least time between two forecasts that are stored. */
  readonly #spacingMillis: number;
  readonly #review: ForecastReview;
  readonly #excess: ExcessError;

  constructor({ horizonMillis, stepMillis, mayDismiss }: LiveTrialOptions) {
    const scoresPerHorizon = Math.min(MAX_PENDING, Math.max(1, Math.floor(horizonMillis / stepMillis)));
    const maxPending = Math.min(MAX_PENDING, scoresPerHorizon + LATE);
    const review = new ForecastReview({ toleranceMillis: Math.max(stepMillis, 1000), maxPending });
    super(review.width);
    this.#mayDismiss = mayDismiss;
    this.#horizonMillis = horizonMillis;
    this.#spacingMillis = Math.ceil(horizonMillis / maxPending / stepMillis) * stepMillis;
    this.#scoresPerHorizon = scoresPerHorizon;
    this.#excess = this.part(new ExcessError(scoresPerHorizon));
    this.#review = this.part(review);
    this.begin();
  }

  /** Forgets everything. */
  begin(): void {
    this.state = IN_USE;
    // Forecasts from before a model was renewed do not speak against the present model.
    this.renewedAt = Number.NEGATIVE_INFINITY;
    this.#excess.clear();
    this.#review.begin();
  }

  /** Forgets everything, and knows then what it would know after a time in which nothing moved. */
  beginStill(time: StillTime): void {
    this.begin();
    this.#review.beginStill(time, this.#horizonMillis, this.#spacingMillis);
    this.#excess.scored = this.#review.scored;
  }

  /** Whether the fitted model's forecasts are published; otherwise those of naive are. */
  get isInUse(): boolean {
    return this.state === IN_USE;
  }

  /** Whether a new model must be selected before the next regular selection. */
  get awaitsSelection(): boolean {
    return this.state === DISMISSED;
  }

  /** Live error over naive's of the published forecasts. It is 1 while naive forecasts. */
  get errorRatio(): number | undefined {
    return this.isInUse ? this.#review.errorRatio : 1;
  }

  /** Live coverage of the published intervals; `undefined` while naive forecasts. */
  get coverage(): number | undefined {
    return this.isInUse ? this.#review.coverage : undefined;
  }

  /** The newest forecasts whose time has come, oldest first; none while naive forecasts. */
  past(): PastForecast[] {
    return this.isInUse ? this.#review.past() : [];
  }

  /**
   * Scores the forecasts that the sample is due for, and decides.
   *
   * @param options.decides false: the next sample decides.
   */
  observe(sample: Sample, { decides = true } = {}): void {
    for (const scored of this.#review.observe(sample)) {
      if (scored.dueAt - this.#horizonMillis >= this.renewedAt) this.#excess.add(scored);
    }
    if (!decides) return;
    if (this.state === IN_USE && this.#mayDismiss && this.#excess.isTooMuch) this.state = DISMISSED;
    if (this.state === ON_PROBATION && this.#isBetterThanNaive()) {
      this.state = IN_USE;
      this.#excess.clear();
    }
  }

  /** Whether a forecast of the fitted model, in use or on probation, that is made now is to be stored. */
  awaits(now: number): boolean {
    return this.state !== DISMISSED && this.#review.awaits(now, this.#horizonMillis);
  }

  /** Stores a forecast of the fitted model, in use or on probation. */
  remember(forecast: PublishedForecast): void {
    if (this.state !== DISMISSED) this.#review.remember(forecast);
  }

  /** Starts a new review after a dismissed model was replaced. */
  selected(): void {
    if (this.state !== DISMISSED) return;
    this.state = ON_PROBATION;
    this.#review.begin();
  }

  /** Takes note of a new model that was fitted because the values contradicted the one before. */
  renewed(at: number): void {
    if (at - this.renewedAt >= HORIZONS_BETWEEN_RENEWALS * this.#horizonMillis) this.renewedAt = at;
  }

  /** Moves the times of what it stores, after the clock was set. */
  shift(millis: number): void {
    this.#review.shift(millis);
    this.renewedAt += millis;
  }

  saved(): SavedTrial {
    return {
      state: STATES[this.state] as TrialState,
      renewedAt: this.renewedAt,
      review: this.#review.saved(),
      excess: this.#excess.saved(),
    };
  }

  restore({ state, renewedAt, review, excess }: SavedTrial): void {
    // The user may have named a method since: its models are never dismissed.
    this.state = this.#mayDismiss ? STATES.indexOf(state) : IN_USE;
    this.renewedAt = renewedAt;
    this.#review.restore(review);
    this.#excess.restore(excess);
  }

  #isBetterThanNaive(): boolean {
    const { scored, errorRatio = BETTER } = this.#review;
    return scored >= Math.max(MIN_SCORED, this.#scoresPerHorizon) && errorRatio < BETTER;
  }
}
