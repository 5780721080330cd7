import type { PredictedPath } from "../../../core/model.ts";

/** The scores of one forecast over the steps up to one horizon, without gaps. */
export interface PathScore {
  /**
   * Mean absolute error in units of the mean absolute step of the past; `undefined` when the past
   * is constant.
   */
  readonly mase: number | undefined;
  /** Symmetric mean absolute percentage error, 0..200. */
  readonly smape: number;
  /**
   * Mean pinball loss of the quantiles .1, .5 and .9, doubled and scaled as `mase`; `undefined`
   * when `mase` is.
   */
  readonly quantileLoss: number | undefined;
  /** Shares of the actual values inside the intervals, 0..1. */
  readonly coverage80: number;
  readonly coverage95: number;
}

/**
 * When the mean step is below this share of the largest value, it is rounding and the past is
 * constant.
 */
const ROUNDING = 1e-9;

/**
 * The mean absolute difference of neighbours in the past, the unit of `mase` (Hyndman and Koehler
 * 2006, https://robjhyndman.com/papers/mase.pdf). `undefined` when the past is constant.
 */
export function stepScale(past: Float64Array): number | undefined {
  let mean = 0;
  let count = 0;
  let largest = 0;
  for (let index = 0; index < past.length; index++) {
    const value = past[index] as number;
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    // Half of the difference, because the difference of the largest numbers is not finite.
    const halfStep = index === 0 ? Number.NaN : value / 2 - (past[index - 1] as number) / 2;
    if (!Number.isFinite(halfStep)) continue;
    count += 1;
    mean += (Math.abs(halfStep) - mean) / count;
  }
  return count > 0 && mean * 2 > ROUNDING * largest ? Math.min(mean * 2, Number.MAX_VALUE) : undefined;
}

/**
 * Scores the first `steps` of a path against the actual values. `undefined` when they are all gaps.
 * O(steps).
 */
export function scorePath(
  path: PredictedPath,
  actual: Float64Array,
  steps: number,
  scale: number | undefined,
): PathScore | undefined {
  const sums = { error: 0, loss: 0, smape: 0, in80: 0, in95: 0, count: 0 };
  const unit = scale ?? 1;
  for (let index = 0; index < steps; index++) {
    const actualValue = actual[index] as number;
    if (!Number.isFinite(actualValue)) continue;
    const [mean, lower, upper] = [path.mean, path.lower80, path.upper80].map((it) => it[index] as number);
    const error = distance(actualValue, mean as number, unit);
    sums.count += 1;
    sums.error += error;
    sums.loss +=
      pinball(0.1, actualValue, lower as number, unit) +
      error / 2 +
      pinball(0.9, actualValue, upper as number, unit);
    sums.smape += percentage(actualValue, mean as number);
    if (actualValue >= (lower as number) && actualValue <= (upper as number)) sums.in80 += 1;
    if (actualValue >= (path.lower95[index] as number) && actualValue <= (path.upper95[index] as number))
      sums.in95 += 1;
  }
  if (sums.count === 0) return undefined;
  const isScaled = scale !== undefined;
  return {
    mase: isScaled ? finite(sums.error / sums.count) : undefined,
    smape: sums.smape / sums.count,
    quantileLoss: isScaled ? finite((2 * sums.loss) / 3 / sums.count) : undefined,
    coverage80: sums.in80 / sums.count,
    coverage95: sums.in95 / sums.count,
  };
}

function distance(one: number, other: number, unit: number): number {
  return Math.abs(one / unit - other / unit);
}

function pinball(quantile: number, actualValue: number, predicted: number, unit: number): number {
  return distance(actualValue, predicted, unit) * (actualValue >= predicted ? quantile : 1 - quantile);
}

function percentage(actualValue: number, predicted: number): number {
  const size = Math.abs(actualValue) / 2 + Math.abs(predicted) / 2;
  return size > 0 ? 100 * Math.abs(actualValue / size - predicted / size) : 0;
}

function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}
