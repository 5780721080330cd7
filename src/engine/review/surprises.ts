import type { Bounds } from "../../core/bounds.ts";
import type { PredictedStep } from "../../core/model.ts";
import type { SavedSurprises } from "./saved-review.ts";

/** The distance from the mean to a bound of the 80 % interval, in standard deviations. */
const DEVIATIONS_OF_80_PERCENT = 1.2816;
/** One value this many deviations from its forecast is a surprise. */
const FAR_DEVIATIONS = 5;
/** Two values in a row on one side are a surprise when both are this many deviations away. */
const TWICE_DEVIATIONS = 2.2;
/** A sum of deviations on one side is a surprise from this limit on. */
const MAX_DRIFT = 5;
/** What the sum forgives at each value. */
const DRIFT_ALLOWANCE = 0.5;
/** One value adds at most this much to the sum. */
const MAX_DEVIATIONS = 3;
/** A change that goes on is better known at these ages, in values. */
const FOLLOW_UP_AGES: readonly number[] = [2, 4, 8, 16];
/** On average, at most one of this many values asks for a new model. */
const VALUES_PER_REFIT = 60;
/** The same for a lasting model: what it takes in, it forecasts as well as a new one. */
const VALUES_PER_REFIT_OF_LASTING = 240;
/** The values of a short time may ask for this many new models. */
const MAX_REFITS_AT_ONCE = 8;
/** One value far away leaves this many for changes that last. */
const REFITS_FOR_CHANGES = 5;

/** After this many values, a brief change or a drift counts for nothing any more. */
const REMEMBERED_VALUES = 200;
/** More brief changes, or drifts, than these make no difference. */
const MOST_BRIEF = 4;
const MOST_DRIFTS = 3;
/** How many values a change must last before it asks for a new model, by the brief changes before it. */
const PATIENCE: readonly number[] = [1, 1, 2, 4, 8];

/** A change that began with a value outside of the interval. */
interface Change {
  age: number;
  /** Whether a new model was asked for since. */
  hasAsked: boolean;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Decides when a model is replaced because the newest values contradict it. It compares each value
 * with the forecast for the next step. A surprise is one value far away, two values in a row clearly
 * on one side, or many a little on one side (CUSUM, Page 1954). A change that lasts is surprising
 * again at ages 2, 4, 8 and 16, because it is better known then.
 *
 * What happens often is no surprise. After brief changes, such as spikes, a change must last longer
 * before it asks for a new model; after drifts, the sum must become larger. And the number of new models
 * is limited, so that a series without a good model does not use up the time for fitting. Each value is
 * O(1).
 */
export class Surprises {
  #isDue = false;
  #refitsLeft = MAX_REFITS_AT_ONCE;
  #refitsPerValue = 1 / VALUES_PER_REFIT;
  #above = 0;
  #below = 0;
  #before = 0;
  /** How often, of late, a change was over before it was 16 values old. */
  #brief = 0;
  /** How often, of late, many values a little on one side asked for a new model. */
  #drifts = 0;
  #change: Change | undefined;

  /** Whether a new model is needed now. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Whether nothing leads to a surprise: then a value within `unsurprising` bounds is none. */
  get isCalm(): boolean {
    return !this.#isDue && this.#change === undefined && Math.max(this.#above, this.#below) <= MAX_DRIFT / 2;
  }

  /** The next values are compared with a model that lasts, or with one that is soon replaced anyway. */
  compareWith(model: { readonly lasts: boolean }): void {
    this.#refitsPerValue = 1 / (model.lasts ? VALUES_PER_REFIT_OF_LASTING : VALUES_PER_REFIT);
  }

  /** Takes a value and what the model expected of it; `NaN` for a gap. */
  take(value: number, expected: PredictedStep): void {
    if (Number.isNaN(value)) return;
    this.#refitsLeft = Math.min(MAX_REFITS_AT_ONCE, this.#refitsLeft + this.#refitsPerValue);
    const deviations = deviationsOf(value, expected);
    const isFar = Math.abs(deviations) > FAR_DEVIATIONS;
    const isTwice = Math.min(deviations * Math.sign(this.#before), Math.abs(this.#before)) > TWICE_DEVIATIONS;
    this.#before = deviations;
    this.#brief = Math.max(0, this.#brief - 1 / REMEMBERED_VALUES);
    this.#drifts = Math.max(0, this.#drifts - 1 / REMEMBERED_VALUES);
    const mayAsk = !this.#isDue;
    const isFollowUp = this.#isFollowUp(value);
    const { lower95: lower, upper95: upper } = expected;
    if (isFar || isTwice) this.#change ??= { age: isTwice ? 2 : 1, hasAsked: false, lower, upper };
    const hasLasted = this.#change === undefined || this.#change.age >= this.#patience;
    if (this.#hasDrifted(deviations)) {
      this.#ask(1);
      if (mayAsk && this.#isDue) this.#drifts = Math.min(MOST_DRIFTS, this.#drifts + 1);
    } else if (hasLasted && (isTwice || isFollowUp)) this.#ask(1);
    else if (hasLasted && isFar) this.#ask(1 + REFITS_FOR_CHANGES);
    if (this.#change !== undefined) this.#change.hasAsked ||= this.#isDue;
  }

  /** Takes note of a new model. */
  refitted(): void {
    this.#isDue = false;
    this.#above = 0;
    this.#below = 0;
  }

  saved(): SavedSurprises {
    return {
      isDue: this.#isDue,
      refitsLeft: this.#refitsLeft,
      above: this.#above,
      below: this.#below,
      before: this.#before,
      brief: this.#brief,
      drifts: this.#drifts,
      ...(this.#change === undefined ? {} : { change: { ...this.#change } }),
    };
  }

  restore(saved: SavedSurprises): void {
    this.#isDue = saved.isDue;
    this.#refitsLeft = saved.refitsLeft;
    this.#above = saved.above;
    this.#below = saved.below;
    this.#before = saved.before;
    this.#brief = saved.brief ?? 0;
    this.#drifts = saved.drifts ?? 0;
    this.#change = saved.change && { ...saved.change };
  }

  /** How many values a change must last before it asks for a new model. */
  get #patience(): number {
    return PATIENCE[Math.round(this.#brief)] as number;
  }

  /**
   * Whether a change is better known now. It is over when a value is where values were before: then a
   * model that was fitted because of it is no good.
   */
  #isFollowUp(value: number): boolean {
    const change = this.#change;
    if (change === undefined) return false;
    change.age++;
    const isOver = value >= change.lower && value <= change.upper;
    if (isOver || change.age >= (FOLLOW_UP_AGES.at(-1) as number)) this.#change = undefined;
    if (isOver) {
      this.#brief = Math.min(MOST_BRIEF, this.#brief + 1);
      return change.hasAsked;
    }
    if (this.#change === undefined) this.#brief = 0;
    return FOLLOW_UP_AGES.includes(change.age);
  }

  #hasDrifted(deviations: number): boolean {
    const limited = Math.min(MAX_DEVIATIONS, Math.max(-MAX_DEVIATIONS, deviations));
    this.#above = Math.max(0, this.#above + limited - DRIFT_ALLOWANCE);
    this.#below = Math.max(0, this.#below - limited - DRIFT_ALLOWANCE);
    return Math.max(this.#above, this.#below) > MAX_DRIFT * (1 + this.#drifts);
  }

  /** Asks for a new model, if at least `needed` may still be asked for. */
  #ask(needed: number): void {
    if (this.#isDue || this.#refitsLeft < needed) return;
    this.#refitsLeft--;
    this.#isDue = true;
  }
}

/** The bounds of values that can't be, or begin, a surprise, if this is the forecast for their step. */
export function unsurprising({ mean, lower80, upper80 }: PredictedStep): Required<Bounds> {
  const widening = TWICE_DEVIATIONS / DEVIATIONS_OF_80_PERCENT;
  return { lower: mean - (mean - lower80) * widening, upper: mean + (upper80 - mean) * widening };
}

/** How far a value is from its forecast, in standard deviations of that side. */
function deviationsOf(value: number, { mean, lower80, upper80 }: PredictedStep): number {
  const away = value - mean;
  if (away === 0) return 0;
  const width = away > 0 ? upper80 - mean : mean - lower80;
  return (away / width) * DEVIATIONS_OF_80_PERCENT;
}
