import type { Sample } from "../../core/sample.ts";
import { ExcessError } from "./excess-error.ts";
import { ForecastReview, type PublishedForecast } from "./forecast-review.ts";

/** A model on probation comes into use with a live error ratio below this: better than naive. */
const BETTER = 1;
/** Forecasts that must have been scored before that is decided. */
const ENOUGH_SCORED = 20;
/** Forecasts of one horizon that are remembered at once. */
const MOST_PENDING = 64;

/** How a model is tried. */
export interface LiveTrialOptions {
  readonly horizonMillis: number;
  /** How often forecasts are made. */
  readonly stepMillis: number;
  /** False for a model that is to stay in use whatever comes. */
  readonly mayDismiss: boolean;
}

/**
 * Whether a series is forecast at one horizon by its chosen model or by naive, decided by how the forecasts of the model
 * turn out. As soon as its errors beyond 1.1 times those of naive add up to two horizons of usual error (`ExcessError`),
 * after 20 scored forecasts at the earliest, it is dismissed, and naive stands in. The model that is chosen next is
 * reviewed from its first forecast on, and comes into use when its live error ratio is below 1 after 20 scored forecasts
 * and a whole horizon of them.
 */
export class LiveTrial {
  readonly #mayDismiss: boolean;
  readonly #toleranceMillis: number;
  readonly #scoresPerHorizon: number;
  #review: ForecastReview;
  #excess: ExcessError;
  #state: "in-use" | "dismissed" | "on-probation" = "in-use";

  constructor({ horizonMillis, stepMillis, mayDismiss }: LiveTrialOptions) {
    this.#mayDismiss = mayDismiss;
    this.#toleranceMillis = Math.max(stepMillis, 1000);
    this.#scoresPerHorizon = Math.min(MOST_PENDING, Math.max(1, Math.floor(horizonMillis / stepMillis)));
    this.#review = this.#newReview();
    this.#excess = new ExcessError(this.#scoresPerHorizon);
  }

  /** Whether the forecasts of the chosen model are the ones to publish; otherwise naive's are. */
  get isInUse(): boolean {
    return this.#state === "in-use";
  }

  /** Whether another model should be chosen, out of turn. */
  get awaitsSelection(): boolean {
    return this.#state === "dismissed";
  }

  /** Live error over naive's of what is published: that of naive itself, while it stands in, is 1. */
  get errorRatio(): number | undefined {
    return this.isInUse ? this.#review.errorRatio : 1;
  }

  /** Live coverage of the intervals that are published; `undefined` while naive stands in. */
  get coverage(): number | undefined {
    return this.isInUse ? this.#review.coverage : undefined;
  }

  /** Scores what the sample speaks of, and decides. */
  observe(sample: Sample): void {
    for (const scored of this.#review.observe(sample)) this.#excess.add(scored);
    if (this.#state === "in-use" && this.#mayDismiss && this.#excess.isTooMuch) this.#state = "dismissed";
    if (this.#state === "on-probation" && this.#hasProvedItself()) {
      this.#state = "in-use";
      this.#excess = new ExcessError(this.#scoresPerHorizon);
    }
  }

  /** Remembers what the chosen model said, in use or on probation. */
  remember(forecast: PublishedForecast): void {
    if (this.#state !== "dismissed") this.#review.remember(forecast);
  }

  /** Another model was chosen: where one had been dismissed, the review begins anew. */
  selected(): void {
    if (this.#state !== "dismissed") return;
    this.#state = "on-probation";
    this.#review = this.#newReview();
  }

  #hasProvedItself(): boolean {
    const { scored, errorRatio = BETTER } = this.#review;
    return scored >= Math.max(ENOUGH_SCORED, this.#scoresPerHorizon) && errorRatio < BETTER;
  }

  #newReview(): ForecastReview {
    return new ForecastReview({ toleranceMillis: this.#toleranceMillis, maxPending: MOST_PENDING });
  }
}
