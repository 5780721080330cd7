import type { History } from "../core/history.ts";
import { meanAbsoluteError } from "./backtest/errors.ts";
import { naiveError } from "./backtest/naive-error.ts";
import { CalibratedModel } from "./calibrated-model.ts";
import { ConformalIntervals, LEVEL_WIDENING, TOTAL_WIDENING } from "./conformal-intervals.ts";
import { type AutoOptions, fitAuto } from "./fit-auto.ts";
import { fitNamed } from "./fit-named.ts";
import { type FitOptions, LEARNED, whatIsWrong } from "./fit-options.ts";
import type { FitResult, ForecastModel } from "./forecast-model.ts";
import { countValid } from "./gaps.ts";
import { WidenedIntervals } from "./gate/widened-intervals.ts";
import { LeastWidth } from "./least-width.ts";
import type { FactorsByHorizon, FittedForecaster, Intervals } from "./method.ts";
import { methodNamed } from "./methods.ts";
import { scaledFromFirstValid, scalingOf } from "./scaling.ts";
import { StillModel, stillnessOf } from "./still-model.ts";
import { fitTotal } from "./totals/fit-total.ts";

/** An interval needs a few errors of the method, and an error needs a forecast. */
const MIN_POINTS = 5;

/** The newest points that are used: two and a half weeks of minutes. */
const MAX_HISTORY_POINTS = 25_000;

/** The fewest points for the small model of a series that has never moved. */
const MIN_STILL_POINTS = 12;
/** How `auto` and `learned` describe themselves for such a series. Fitted once. */
const methodsOfStill = new Map<string, string>();

/**
 * Fits a method to the past of a series. Never throws. Fewer than 5 valid points give `warming-up`;
 * invalid options give `failed` with the reason. An infinite value is a gap. Of more than 25,000
 * points the oldest are left out.
 */
export function fitModel(whole: History, options: FitOptions): FitResult {
  const reason = whatIsWrong(options);
  if (reason !== undefined) return { state: "failed", reason };
  const history = { ...whole, values: whole.values.slice(-MAX_HISTORY_POINTS) };
  const validPoints = countValid(history.values);
  if (validPoints < MIN_POINTS) {
    return { state: "warming-up", missingPoints: MIN_POINTS - validPoints };
  }

  const { isTotal = false } = options;
  const mayBeStill = methodNamed(options.method) === undefined && !isTotal;
  const stillness = mayBeStill && validPoints >= MIN_STILL_POINTS ? stillnessOf(history.values) : undefined;
  const model = stillness === undefined ? fitWhole(history, options) : fitStill(stillness, history, options);
  return { state: "ready", model };
}

/** The model of a series that has had one value only: the same forecasts as those of `fitWhole`. */
function fitStill(
  { value, points }: { value: number; points: number },
  history: History,
  options: FitOptions,
): ForecastModel {
  const { stepSeconds, season } = history;
  const seasonal = season === undefined ? {} : { season };
  const method =
    methodsOfStill.get(options.method) ??
    fitWhole({ values: new Float64Array(MIN_STILL_POINTS), stepSeconds: 1 }, options).method;
  methodsOfStill.set(options.method, method);
  return new StillModel({
    value,
    method,
    bounds: options.bounds ?? {},
    fitWhole: () =>
      fitWhole({ values: new Float64Array(points).fill(value), stepSeconds, ...seasonal }, options),
  });
}

/** Fits a method to a history with enough points. */
export function fitWhole(history: History, options: FitOptions): ForecastModel {
  const scaling = scalingOf(history.values);
  const scaled = { ...history, values: scaledFromFirstValid(history.values, scaling) };
  const { horizonSteps, parameters = {}, bounds = {}, isTotal = false } = options;
  const method = methodNamed(options.method);
  const fitBest = (): FittedForecaster =>
    isTotal
      ? fitTotal(scaled, horizonSteps)
      : fitAuto(scaled, horizonSteps, autoOptions(options, scaled.values.length));
  const forecaster = method === undefined ? fitBest() : fitNamed(method, scaled, parameters, horizonSteps);
  const widening = isTotal ? TOTAL_WIDENING : LEVEL_WIDENING;
  const conformal = (): Intervals =>
    new ConformalIntervals(forecaster.errors, countValid(history.values), widening);
  const reference = naiveError(scaled.values, forecaster.testedFrom, horizonSteps);
  return new CalibratedModel({
    method: forecaster.description,
    errorVersusNaive: errorRatio(meanAbsoluteError(forecaster.errors), reference),
    fitted: forecaster.fitted,
    seasons: forecaster.seasons,
    intervals: method?.intervals?.(scaled.values) ?? widened(conformal(), forecaster.widening),
    leastWidth: isTotal ? undefined : new LeastWidth(scaled.values),
    scaling,
    bounds: isTotal ? { ...bounds, lower: lastOf(history.values) } : bounds,
  });
}

/** The gate has learned from histories of these lengths, and from horizons up to this many steps. */
const LEARNED_POINTS = { fewest: 12, most: 2000 };
const LEARNED_STEPS = 360;

/** With the gate where it belongs: everywhere by name, and in `auto` where it has been trained. */
function autoOptions({ method, gate, horizonSteps }: FitOptions, points: number): AutoOptions {
  const { fewest, most } = LEARNED_POINTS;
  const isKnown = points >= fewest && points <= most && horizonSteps <= LEARNED_STEPS;
  const isGated = gate !== undefined && (method === LEARNED || isKnown);
  return {
    name: method,
    judge: isGated ? (facts) => (evidence) => gate.judge(evidence, facts) : undefined,
  };
}

function widened(intervals: Intervals, factors: FactorsByHorizon | undefined): Intervals {
  return factors === undefined ? intervals : new WidenedIntervals(intervals, factors);
}

/** A forecast of a total is not below its last value. */
function lastOf(values: History["values"]): number {
  return Float64Array.from(values).findLast((value) => Number.isFinite(value)) as number;
}

/** The error relative to naive; 1 when both have no error. */
function errorRatio(own: number, reference: number): number {
  const negligible = 1e-12;
  return (own + negligible) / (reference + negligible);
}
