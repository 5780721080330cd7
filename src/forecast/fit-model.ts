import type { History } from "../core/history.ts";
import type { FitResult } from "../core/model.ts";
import { meanAbsoluteError } from "./backtest/errors.ts";
import { naiveError } from "./backtest/naive-error.ts";
import { CalibratedModel } from "./calibrated-model.ts";
import { ConformalIntervals, LEVEL_WIDENING, TOTAL_WIDENING } from "./conformal-intervals.ts";
import { fitAuto } from "./fit-auto.ts";
import { fitNamed } from "./fit-named.ts";
import { type FitOptions, whatIsWrong } from "./fit-options.ts";
import { countValid } from "./gaps.ts";
import { LeastWidth } from "./least-width.ts";
import { methodNamed } from "./methods.ts";
import { scaledFromFirstValid, scalingOf } from "./scaling.ts";
import { fitTotal } from "./totals/fit-total.ts";

/** An interval needs a few errors of the method, and an error needs a forecast. */
const MIN_POINTS = 5;

/** The newest points that are used: two and a half weeks of minutes. */
const MAX_HISTORY_POINTS = 25_000;

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

  const scaling = scalingOf(history.values);
  const scaled = { ...history, values: scaledFromFirstValid(history.values, scaling) };
  const { horizonSteps, parameters = {}, bounds = {}, isTotal = false } = options;
  const method = methodNamed(options.method);
  const fitBest = isTotal ? fitTotal : fitAuto;
  const forecaster =
    method === undefined ? fitBest(scaled, horizonSteps) : fitNamed(method, scaled, parameters, horizonSteps);
  const widening = isTotal ? TOTAL_WIDENING : LEVEL_WIDENING;
  const reference = naiveError(scaled.values, forecaster.testedFrom, horizonSteps);
  const model = new CalibratedModel({
    method: forecaster.description,
    errorVersusNaive: errorRatio(meanAbsoluteError(forecaster.errors), reference),
    fitted: forecaster.fitted,
    seasons: forecaster.seasons,
    intervals:
      method?.intervals?.(scaled.values) ?? new ConformalIntervals(forecaster.errors, validPoints, widening),
    leastWidth: isTotal ? undefined : new LeastWidth(scaled.values),
    scaling,
    bounds: isTotal ? { ...bounds, lower: lastOf(history.values) } : bounds,
  });
  return { state: "ready", model };
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
