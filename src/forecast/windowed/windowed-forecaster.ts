import { type Bounds, clampTo } from "../../core/bounds.ts";
import type { PredictedStep } from "../../core/model.ts";
import type { Sample } from "../../core/sample.ts";
import type { WindowedNumber } from "../../core/windowed-number.ts";
import { naturalBounds } from "../natural-bounds.ts";
import { limited } from "../scaling.ts";
import { CandidateTrial } from "./candidate-trial.ts";
import type { ComingPart } from "./coming-part.ts";
import { FractionForecaster } from "./fraction-forecaster.ts";
import { QuantileForecaster } from "./quantile-forecaster.ts";
import type { SavedWindowed } from "./saved-windowed.ts";
import { type Expected, NORMAL_90 } from "./scored-interval.ts";

const NO_CHANGE = 0;
const HISTORY = 1;
const FIRST_WAY = 2;
/** The error of the forecast by history that is assumed at first, relative to no change. */
const ASSUMED_OF_HISTORY = 1.2;
/**
 * A backtest flatters that forecast, because windows overlap. From this error on, relative to no
 * change, it is clearly better: the series is a ramp or a season.
 */
const CONVINCING_ERROR = 0.5;
/** The 95 % interval is this many times as wide as the 80 % interval, as for a normal distribution. */
const WIDER_95 = 1.53;
/** A pause of more steps than this is not learnt from. */
const MAX_STEPS = 3;
/** The deviation is at least this share of the usual change. */
const LEAST_DEVIATION = 0.25;

/** Scratch by its length. */
const scratches = new Map<number, Float64Array>();

function scratchOf(length: number): Float64Array {
  const scratch = scratches.get(length) ?? new Float64Array(length);
  scratches.set(length, scratch);
  return scratch;
}

/**
 * Forecasts a number over a window at several horizons. What will still be in the window is known;
 * what comes is expected at several rates, which a trial at each horizon weighs.
 */
export class WindowedForecaster {
  readonly #number: WindowedNumber;
  readonly #bounds: Bounds;
  /** The bounds of what was never negative. */
  readonly #naturalBounds: Bounds;
  #hasBeenNegative = false;
  readonly #stepMillis: number;
  readonly #coming: ComingPart;
  readonly #names: readonly string[];
  readonly #trials = new Map<number, CandidateTrial>();
  /** Scratch that the series share: what each candidate expects. */
  readonly #candidates: Float64Array;
  #latest: Sample | undefined;

  constructor(number: WindowedNumber, options: { bounds: Bounds; stepMillis: number }) {
    this.#number = number;
    this.#bounds = options.bounds;
    this.#naturalBounds = naturalBounds(options.bounds, []);
    this.#stepMillis = options.stepMillis;
    this.#coming =
      number.kind === "quantile" ? new QuantileForecaster(number) : new FractionForecaster(number);
    this.#names = ["no change", "history", ...this.#coming.ways.map(({ name }) => name)];
    this.#candidates = scratchOf(this.#names.length);
  }

  /** Takes the newest value, after what was counted. Scores the forecasts that are due. */
  take({ at, value }: Sample): void {
    const latest = { at, value: limited(value) };
    if (latest.value < 0) this.#hasBeenNegative = true;
    const millis = this.#latest === undefined ? Number.POSITIVE_INFINITY : latest.at - this.#latest.at;
    this.#coming.learn(millis <= MAX_STEPS * this.#stepMillis ? millis / 1000 : undefined);
    for (const trial of this.#trials.values()) trial.observe(latest, this.#stepMillis);
    this.#latest = latest;
  }

  /**
   * The forecast at a horizon. It is scored when it is due.
   *
   * @param byHistory The forecast of another method, which is one of the candidates.
   * @param errorOfHistory Its backtested error relative to no change; 1 when it is not known.
   */
  forecast(horizonSeconds: number, byHistory: PredictedStep, errorOfHistory = 1): PredictedStep {
    const trial = this.#trialOf(horizonSeconds);
    const shown = 1 - Math.min(1, errorOfHistory / CONVINCING_ERROR);
    trial.assume(HISTORY, ASSUMED_OF_HISTORY * (1 - shown * this.#filledShare));
    const expected = this.#expect(trial, horizonSeconds, byHistory);
    if (this.#latest !== undefined) trial.remember(this.#latest.at, this.#candidates, expected);
    return this.#withInterval(trial, expected, this.#boundsBeside(byHistory));
  }

  /** The forecast for a time before a horizon, with the weights of that horizon. */
  predict(horizonSeconds: number, seconds: number, byHistory: PredictedStep): PredictedStep {
    const trial = this.#trialOf(horizonSeconds);
    const expected = this.#expect(trial, seconds, byHistory);
    return this.#withInterval(trial, expected, this.#boundsBeside(byHistory));
  }

  /** Moves the times of what it stores, after the clock was set. */
  shift(millis: number): void {
    for (const trial of this.#trials.values()) trial.shiftTimes(millis);
    const latest = this.#latest;
    if (latest !== undefined) this.#latest = { ...latest, at: latest.at + millis };
  }

  /** The error of past forecasts relative to no change; `undefined` before a horizon has passed. */
  errorVersusNaive(horizonSeconds: number): number | undefined {
    return this.#trialOf(horizonSeconds).errorVersusNaive;
  }

  /** The candidate with the largest weight. */
  method(horizonSeconds: number): string {
    return `window: ${this.#names[this.#trialOf(horizonSeconds).best]}`;
  }

  saved(): SavedWindowed {
    const fraction = this.#coming.saved();
    return {
      kind: this.#number.kind,
      fullSeconds: this.#number.span.fullSeconds,
      ...(this.#latest === undefined ? {} : { latest: this.#latest }),
      trials: Array.from(this.#trials, ([seconds, trial]) => ({ seconds, ...trial.saved() })),
      ...(fraction === undefined ? {} : { fraction }),
    };
  }

  /**
   * Takes over what was learnt of the same kind of window.
   *
   * @throws RangeError when it was learnt in another way.
   */
  restore({ kind, fullSeconds, latest, trials, fraction }: SavedWindowed): void {
    if (kind !== this.#number.kind || fullSeconds !== this.#number.span.fullSeconds) return;
    for (const { seconds, ...trial } of trials) this.#trialOf(seconds).restore(trial);
    this.#coming.restore(fraction);
    this.#latest = latest;
  }

  /** While the window fills, its value settles: the history looks like a ramp that it is not. */
  get #filledShare(): number {
    const { coveredSeconds, fullSeconds } = this.#number.span;
    return Math.min(1, coveredSeconds / fullSeconds);
  }

  #trialOf(horizonSeconds: number): CandidateTrial {
    let trial = this.#trials.get(horizonSeconds);
    if (trial === undefined) {
      const { ways, combination } = this.#coming;
      trial = new CandidateTrial({
        horizonMillis: horizonSeconds * 1000,
        stepMillis: this.#stepMillis,
        assumedErrors: [
          this.#coming.assumedErrorOfNoChange(horizonSeconds),
          ASSUMED_OF_HISTORY,
          ...ways.map(({ assumedError }) => assumedError),
        ],
        combination,
      });
      this.#trials.set(horizonSeconds, trial);
    }
    return trial;
  }

  #expect(trial: CandidateTrial, seconds: number, byHistory: PredictedStep): Expected {
    const current = this.#latest?.value ?? byHistory.mean;
    const ahead = this.#number.span.ahead(seconds);
    this.#candidates[NO_CHANGE] = current;
    this.#candidates[HISTORY] = byHistory.mean;
    this.#coming.expect(ahead, current, this.#candidates, FIRST_WAY);
    for (const [way, value] of this.#candidates.entries())
      this.#candidates[way] = Number.isFinite(value) ? limited(value) : current;
    const { down, up } = this.#coming.deviation(ahead);
    const { mean, lower80, upper80 } = byHistory;
    const least = LEAST_DEVIATION * trial.usualChange;
    return {
      predicted: trial.combine(this.#candidates),
      down: limited(Math.max(least, down, trial.unprovenShare * ((mean - lower80) / NORMAL_90))),
      up: limited(Math.max(least, up, trial.unprovenShare * ((upper80 - mean) / NORMAL_90))),
    };
  }

  /** The history may reach back to negative values that this object has not seen. */
  #boundsBeside({ lower95 }: PredictedStep): Bounds {
    return this.#hasBeenNegative || lower95 < 0 ? this.#bounds : this.#naturalBounds;
  }

  #withInterval(trial: CandidateTrial, expected: Expected, bounds: Bounds): PredictedStep {
    const { predicted } = expected;
    const { lower, upper } = trial.interval(expected);
    const bounded = (value: number): number => clampTo(bounds, limited(value));
    return {
      mean: bounded(predicted),
      lower80: bounded(lower),
      upper80: bounded(upper),
      lower95: bounded(predicted + (lower - predicted) * WIDER_95),
      upper95: bounded(predicted + (upper - predicted) * WIDER_95),
    };
  }
}
