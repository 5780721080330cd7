import type { Sample } from "../../core/sample.ts";
import { ForecastReview, type PublishedForecast } from "../../insight/forecast-review.ts";

/** A live error ratio above this puts a model out of use: worse than naive, and not by a hair. */
const WORSE = 1.1;
/** A model on probation comes into use below this: better than naive. */
const BETTER = 1;
/** Forecasts that must have been scored before either is decided. */
const ENOUGH_SCORED = 20;

/** What was decided about a model when it was looked at. */
export type Verdict = "dismissed" | "admitted" | undefined;

/**
 * Whether a series is forecast at one horizon by its chosen model or by naive, decided by how the forecasts of the model
 * turn out. A model whose error over naive's is above 1.1, after 20 scored forecasts at least, is dismissed at once: naive
 * stands in. The model that is chosen next is reviewed from its first forecast on, and comes into use when its ratio is
 * below 1 after 20 scored forecasts. A ratio weighs the newest 64 scores, about.
 */
export class LiveTrial {
  readonly #toleranceMillis: number;
  readonly #mayDismiss: boolean;
  #review: ForecastReview;
  #state: "in-use" | "dismissed" | "on-probation" = "in-use";

  /** With `mayDismiss` false the model is reviewed and stays in use whatever comes. */
  constructor({ toleranceMillis, mayDismiss }: { toleranceMillis: number; mayDismiss: boolean }) {
    this.#toleranceMillis = toleranceMillis;
    this.#mayDismiss = mayDismiss;
    this.#review = new ForecastReview({ toleranceMillis });
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

  /** Scores what the sample speaks of and decides. */
  observe(sample: Sample): Verdict {
    this.#review.observe(sample);
    const { scored, errorRatio } = this.#review;
    if (!this.#mayDismiss || errorRatio === undefined || scored < ENOUGH_SCORED) return undefined;
    if (this.#state === "in-use" && errorRatio > WORSE) {
      this.#state = "dismissed";
      return "dismissed";
    }
    if (this.#state === "on-probation" && errorRatio < BETTER) {
      this.#state = "in-use";
      return "admitted";
    }
    return undefined;
  }

  /** Remembers what the chosen model said, in use or on probation. */
  remember(forecast: PublishedForecast): void {
    if (this.#state !== "dismissed") this.#review.remember(forecast);
  }

  /** Another model was chosen: where one had been dismissed, the review begins anew. */
  selected(): void {
    if (this.#state !== "dismissed") return;
    this.#state = "on-probation";
    this.#review = new ForecastReview({ toleranceMillis: this.#toleranceMillis });
  }
}
