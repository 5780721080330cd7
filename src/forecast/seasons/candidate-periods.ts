import type { History } from "../../core/history.ts";
import { autocorrelation } from "../../math/autocorrelation.ts";
import { RunningSums } from "../../math/centred-average.ts";
import { nthSmallest } from "../../math/nth-smallest.ts";

/** Periods of people and schedulers: 10, 20, 30 minutes, an hour, a day, a week. */
const CALENDAR_SECONDS = [600, 1200, 1800, 3600, 86_400, 604_800];
/** A period needs at least this many cycles. */
export const MIN_CYCLES = 2;
/** A period that only the autocorrelation suggests needs more cycles. */
const MIN_CYCLES_UNNAMED = 4;
const MIN_CORRELATION = 0.2;
/**
 * In multiples of the standard error of white noise, 1 / sqrt(n). It matters for short histories.
 */
const MIN_SIGNIFICANCE = 2.5;
const MAX_PEAKS = 2;
/** The longest lag of the autocorrelation, whose cost is length times lags. */
const MAX_LAG_STEPS = 1000;

/**
 * Periods in steps that a series may have: that of the caller, those of the calendar, and the two
 * highest peaks of the autocorrelation of the detrended series.
 */
export function candidatePeriods(history: History): number[] {
  const length = history.values.length;
  const known = CALENDAR_SECONDS.map((seconds) => seconds / history.stepSeconds);
  if (history.season !== undefined) known.push(history.season);
  const long = known.filter(
    (period) => Number.isInteger(period) && period >= 2 && period * MIN_CYCLES <= length,
  );
  return [...new Set([...long, ...autocorrelationPeaks(history.values)])];
}

function autocorrelationPeaks(values: History["values"]): number[] {
  const length = values.length;
  const longest = Math.min(MAX_LAG_STEPS, Math.floor(length / MIN_CYCLES_UNNAMED));
  if (longest < 3) return [];
  const correlations = autocorrelation(detrended(values), longest + 1);
  const at = (lag: number): number => correlations[lag] as number;
  const least = Math.max(MIN_CORRELATION, MIN_SIGNIFICANCE / Math.sqrt(length));
  const peaks: number[] = [];
  for (let lag = 3; lag <= longest; lag++) {
    const unbiased = (at(lag) * length) / (length - lag);
    if (unbiased > least && at(lag) >= at(lag - 1) && at(lag) >= at(lag + 1)) peaks.push(lag);
  }
  return peaks.sort((a, b) => at(b) - at(a)).slice(0, MAX_PEAKS);
}

/** Deviations from the average over a quarter of the series. Gaps are 0, outliers are limited. */
function detrended(values: History["values"]): Float64Array {
  const series = new Float64Array(values);
  const deviations = new RunningSums(series).centredAverage(series.length >> 2);
  const sizes = new Float64Array(series.length);
  for (let index = 0; index < series.length; index++) {
    const deviation = (series[index] as number) - (deviations[index] as number) || 0;
    deviations[index] = deviation;
    sizes[index] = Math.abs(deviation);
  }
  const limit = 3 * nthSmallest(sizes, sizes.length, Math.floor(sizes.length * 0.9));
  if (limit > 0) {
    for (let index = 0; index < deviations.length; index++)
      deviations[index] = Math.max(-limit, Math.min(limit, deviations[index] as number));
  }
  return deviations;
}
