import type { PredictedPath } from "../../../core/model.ts";

/** How good one forecast was over the steps of one horizon. Gaps in what came are left out. */
export interface PathScore {
  /** Mean absolute error in units of the mean absolute step of the past; `undefined` where the past is constant. */
  readonly mase: number | undefined;
  /** Symmetric mean absolute percentage error, 0..200. */
  readonly smape: number;
  /** Mean pinball loss of the quantiles .1, .5 and .9, twice and scaled like `mase`; `undefined` where that is. */
  readonly quantileLoss: number | undefined;
  /** Shares of what came that lay inside the intervals, 0..1. */
  readonly coverage80: number;
  readonly coverage95: number;
}

/** A mean step below this share of the largest value is rounding: the past is constant. */
const ROUNDING = 1e-9;

/**
 * The mean absolute difference of neighbours in the past, which an error of 1 in `mase` stands for (Hyndman and Koehler
 * 2006, https://robjhyndman.com/papers/mase.pdf); `undefined` of a constant past.
 */
export function stepScale(past: Float64Array): number | undefined {
  let mean = 0;
  let count = 0;
  let largest = 0;
  for (let index = 0; index < past.length; index++) {
    const value = past[index] as number;
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    // Halves, because the difference of the largest numbers is beyond them.
    const halfStep = index === 0 ? Number.NaN : value / 2 - (past[index - 1] as number) / 2;
    if (!Number.isFinite(halfStep)) continue;
    count += 1;
    mean += (Math.abs(halfStep) - mean) / count;
  }
  return count > 0 && mean * 2 > ROUNDING * largest ? Math.min(mean * 2, Number.MAX_VALUE) : undefined;
}

/** Scores the first `steps` of a path against what came; `undefined` where all of that are gaps. O(steps). */
export function scorePath(
  path: PredictedPath,
  actual: Float64Array,
  steps: number,
  scale: number | undefined,
): PathScore | undefined {
  const sums = { error: 0, loss: 0, smape: 0, in80: 0, in95: 0, count: 0 };
  const unit = scale ?? 1;
  for (let index = 0; index < steps; index++) {
    const came = actual[index] as number;
    if (!Number.isFinite(came)) continue;
    const [mean, lower, upper] = [path.mean, path.lower80, path.upper80].map((it) => it[index] as number);
    const error = distance(came, mean as number, unit);
    sums.count += 1;
    sums.error += error;
    sums.loss +=
      pinball(0.1, came, lower as number, unit) + error / 2 + pinball(0.9, came, upper as number, unit);
    sums.smape += percentage(came, mean as number);
    if (came >= (lower as number) && came <= (upper as number)) sums.in80 += 1;
    if (came >= (path.lower95[index] as number) && came <= (path.upper95[index] as number)) sums.in95 += 1;
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

function pinball(quantile: number, came: number, told: number, unit: number): number {
  return distance(came, told, unit) * (came >= told ? quantile : 1 - quantile);
}

function percentage(came: number, told: number): number {
  const size = Math.abs(came) / 2 + Math.abs(told) / 2;
  return size > 0 ? 100 * Math.abs(came / size - told / size) : 0;
}

function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}
