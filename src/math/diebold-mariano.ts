import { mean } from "simple-statistics";
import { studentProbability } from "./student-probability.ts";

/** The result of a test of equal accuracy. */
export interface AccuracyTest {
  /** Below 0 when the first forecasts have the smaller losses. */
  readonly statistic: number;
  /** The probability of a difference at least this large when both are equally accurate, 0..1. */
  readonly probability: number;
}

/**
 * The test of Diebold and Mariano for equal accuracy, with the correction of Harvey, Leybourne and
 * Newbold for few forecasts. It allows for the correlation between forecasts that overlap. The
 * result is that of `dm.test` in R's package forecast, with its default estimator of the variance:
 * if this variance is not positive, the forecasts are taken as not overlapping.
 *
 * `undefined` when no forecast differs, or when more than half of the forecasts share outcomes with
 * one another: the variance cannot be estimated then. Differences that are all the same are not
 * chance.
 *
 * - F. Diebold, R. Mariano (1995), Comparing predictive accuracy. Journal of Business & Economic
 *   Statistics 13(3), https://doi.org/10.1080/07350015.1995.10524599
 * - D. Harvey, S. Leybourne, P. Newbold (1997), Testing the equality of prediction mean squared
 *   errors. International Journal of Forecasting 13(2),
 *   https://doi.org/10.1016/S0169-2070(96)00719-4
 *
 * O(differences x overlap).
 *
 * @param differences The loss of the first forecast less that of the second, oldest first.
 * @param overlap The number of successive forecasts that share outcomes: the horizon, when there is
 *   a forecast at every step; 1, when forecasts do not overlap.
 */
export function dieboldMariano(differences: readonly number[], overlap: number): AccuracyTest | undefined {
  const count = differences.length;
  if (count < 2 || overlap > count / 2) return undefined;
  const centre = mean(differences as number[]);
  const variance = varianceOfMean(differences, centre, overlap);
  if (!(variance > ROUNDING * centre ** 2)) {
    if (overlap > 1) return dieboldMariano(differences, 1);
    return centre === 0 ? undefined : { statistic: centre * Number.POSITIVE_INFINITY, probability: 0 };
  }
  const correction = (count + 1 - 2 * overlap + (overlap * (overlap - 1)) / count) / count;
  const statistic = (centre / Math.sqrt(variance)) * Math.sqrt(correction);
  return { statistic, probability: studentProbability(statistic, count - 1) };
}

/** A variance below this share of the squared mean is rounding: all differences are equal. */
const ROUNDING = 1e-24;

/** The variance of the mean of correlated differences: autocovariances at lags below the overlap. */
function varianceOfMean(differences: readonly number[], centre: number, overlap: number): number {
  const count = differences.length;
  let sum = 0;
  for (let lag = 0; lag < Math.min(overlap, count); lag++) {
    let covariance = 0;
    for (let index = lag; index < count; index++) {
      covariance +=
        ((differences[index] as number) - centre) * ((differences[index - lag] as number) - centre);
    }
    sum += (lag === 0 ? 1 : 2) * (covariance / count);
  }
  return sum / count;
}
