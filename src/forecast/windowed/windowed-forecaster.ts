import { type Bounds, clampTo } from "../../core/bounds.ts";
import { noStep, type PredictedStep, type WritableStep } from "../../core/model.ts";
import type { Sample } from "../../core/sample.ts";
import type { WindowedNumber } from "../../core/windowed-number.ts";
import type { RowTables } from "../../math/row-tables.ts";
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
  readonly #tables: RowTables;
  /** There are few horizons and many series, so this is an array. */
  #trials: readonly CandidateTrial[] = [];
  /** Scratch that the series share: what each candidate expects. */
  readonly #candidates: Float64Array;
  /** The newest value and its time; `NaN` before the first one. */
  #latestAt = Number.NaN;
  #latestValue = Number.NaN;

  /** @param options.tables where what it learns is. Its tables have no other rows than those of forecasters. */
  constructor(number: WindowedNumber, options: { bounds: Bounds; stepMillis: number; tables: RowTables }) {
    this.#number = number;
    this.#bounds = options.bounds;
    this.#naturalBounds = naturalBounds(options.bounds, []);
    this.#stepMillis = options.stepMillis;
    this.#tables = options.tables;
    this.#coming =
      number.kind === "quantile"
        ? new QuantileForecaster(number)
        : new FractionForecaster(number, options.tables);
    this.#candidates = scratchOf(FIRST_WAY + this.#coming.ways.length);
  }

  /** Takes the newest value, after what was counted. Scores the forecasts that are due. */
  take({ at, value }: Sample): void {
    const latest = { at, value: limited(value) };
    if (latest.value < 0) this.#hasBeenNegative = true;
    // Before the first one, the comparison with `NaN` is false.
    const millis = at - this.#latestAt;
    this.#coming.learn(millis <= MAX_STEPS * this.#stepMillis ? millis / 1000 : undefined);
    for (const trial of this.#trials) trial.observe(latest, this.#stepMillis);
    this.#latestAt = at;
    this.#latestValue = latest.value;
  }

  /**
   * The forecast at a horizon. It is scored when it is due.
   *
   * @param byHistory The forecast of another method, which is one of the candidates.
   * @param errorOfHistory Its backtested error relative to no change; 1 when it is not known.
   * @param into Where it is written.
   */
  forecast(
    horizonSeconds: number,
    byHistory: PredictedStep,
    errorOfHistory = 1,
    into = noStep(),
  ): PredictedStep {
    const trial = this.#trialOf(horizonSeconds);
    const shown = 1 - Math.min(1, errorOfHistory / CONVINCING_ERROR);
    trial.assume(HISTORY, ASSUMED_OF_HISTORY * (1 - shown * this.#filledShare));
    const expected = this.#expect(trial, horizonSeconds, byHistory);
    if (this.#hasBegun) trial.remember(this.#latestAt, this.#candidates, expected);
    return this.#withInterval(trial, expected, this.#boundsBeside(byHistory), into);
  }

  /** The forecast for a time before a horizon, with the weights of that horizon. */
  predict(horizonSeconds: number, seconds: number, byHistory: PredictedStep): PredictedStep {
    const trial = this.#trialOf(horizonSeconds);
    const expected = this.#expect(trial, seconds, byHistory);
    return this.#withInterval(trial, expected, this.#boundsBeside(byHistory), noStep());
  }

  /** Moves the times of what it stores, after the clock was set. */
  shift(millis: number): void {
    for (const trial of this.#trials) trial.shiftTimes(millis);
    this.#latestAt += millis;
  }

  /** The error of past forecasts relative to no change; `undefined` before a horizon has passed. */
  errorVersusNaive(horizonSeconds: number): number | undefined {
    return this.#trialOf(horizonSeconds).errorVersusNaive;
  }

  /** The candidate with the largest weight. */
  method(horizonSeconds: number): string {
    return `window: ${this.#nameOf(this.#trialOf(horizonSeconds).best)}`;
  }

  saved(): SavedWindowed {
    const fraction = this.#coming.saved();
    return {
      kind: this.#number.kind,
      fullSeconds: this.#number.span.fullSeconds,
      ...(this.#hasBegun ? { latest: { at: this.#latestAt, value: this.#latestValue } } : {}),
      trials: this.#trials.map((trial) => ({ seconds: trial.horizonSeconds, ...trial.saved() })),
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
    this.#latestAt = latest?.at ?? Number.NaN;
    this.#latestValue = latest?.value ?? Number.NaN;
  }

  /** Gives back the memory of what it learnt, when it is not needed any more. */
  remove(): void {
    this.#coming.remove();
    for (const trial of this.#trials) trial.remove();
  }

  get #hasBegun(): boolean {
    return !Number.isNaN(this.#latestAt);
  }

  #nameOf(candidate: number): string | undefined {
    if (candidate === NO_CHANGE) return "no change";
    return candidate === HISTORY ? "history" : this.#coming.ways[candidate - FIRST_WAY]?.name;
  }

  /** While the window fills, its value settles: the history looks like a ramp that it is not. */
  get #filledShare(): number {
    const { coveredSeconds, fullSeconds } = this.#number.span;
    return Math.min(1, coveredSeconds / fullSeconds);
  }

  #trialOf(horizonSeconds: number): CandidateTrial {
    for (const trial of this.#trials) if (trial.horizonSeconds === horizonSeconds) return trial;
    const { ways, combination } = this.#coming;
    const trial = new CandidateTrial({
      horizonSeconds,
      stepMillis: this.#stepMillis,
      assumedErrors: [
        this.#coming.assumedErrorOfNoChange(horizonSeconds),
        ASSUMED_OF_HISTORY,
        ...ways.map(({ assumedError }) => assumedError),
      ],
      combination,
      tables: this.#tables,
    });
    // An array that grows keeps spare room, and there are many of these arrays.
    this.#trials = this.#trials.concat(trial);
    return trial;
  }

  #expect(trial: CandidateTrial, seconds: number, byHistory: PredictedStep): Expected {
    const current = this.#hasBegun ? this.#latestValue : byHistory.mean;
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

  #withInterval(
    trial: CandidateTrial,
    expected: Expected,
    bounds: Bounds,
    into: WritableStep,
  ): PredictedStep {
    const { predicted } = expected;
    const { lower, upper } = trial.interval(expected);
    const bounded = (value: number): number => clampTo(bounds, limited(value));
    into.mean = bounded(predicted);
    into.lower80 = bounded(lower);
    into.upper80 = bounded(upper);
    into.lower95 = bounded(predicted + (lower - predicted) * WIDER_95);
    into.upper95 = bounded(predicted + (upper - predicted) * WIDER_95);
    return into;
  }
}
