import type { History } from "../../core/history.ts";
import { autocorrelation } from "../../math/autocorrelation.ts";
import { centredAverage } from "../../math/centred-average.ts";

/** Rhythms that people and their schedulers keep: 10, 20, 30 minutes, an hour, a day, a week. */
const CALENDAR_SECONDS = [600, 1200, 1800, 3600, 86_400, 604_800];
/** A period must have passed this often before it can be told from chance. */
const MIN_CYCLES = 2;
/** A period that nothing but the series itself speaks for must have passed more often. */
const MIN_CYCLES_UNNAMED = 4;
const MIN_CORRELATION = 0.2;
/** In multiples of its standard error in noise, 1 / sqrt(n), which rules in short histories. */
const MIN_SIGNIFICANCE = 2.5;
const MAX_PEAKS = 2;
/** Periods that nobody named are looked for up to here: the search costs length times lags. */
const MAX_LAG_STEPS = 1000;

/**
 * Periods, in steps, at which a series may have a season: the caller's, those of the calendar, and the two highest peaks of the
 * autocorrelation once the slow movement is taken off.
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

/** Deviations from the average over a quarter of the series, gaps as none, outliers drawn in. */
function detrended(values: History["values"]): Float64Array {
  const series = Float64Array.from(values);
  const trend = centredAverage(series, series.length >> 2);
  const deviations = series.map((value, index) => value - (trend[index] as number) || 0);
  const sizes = deviations.map(Math.abs).sort();
  const limit = 3 * (sizes[Math.floor(sizes.length * 0.9)] as number);
  return limit > 0 ? deviations.map((value) => Math.max(-limit, Math.min(limit, value))) : deviations;
}
