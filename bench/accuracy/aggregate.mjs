/**
 * From scored answers to figures, as the benchmark's report does it: the mean over the origins of a series, then the geometric mean over
 * series and cells of (error + 0.01) / (error of naive + 0.01), held between 0.01 and 100.
 */
export const windows = [1000, 240];
export const horizons = [12, 60, 288];
const offset = 0.01;

/** Mean over origins of one measure, by series. */
function bySeries(records, measure, horizon, window) {
  const found = new Map();
  for (const record of records) {
    const value = record.h[horizon]?.[measure];
    if (value === undefined || (window !== undefined && record.W !== window)) continue;
    const values = found.get(record.series) ?? [];
    values.push(value);
    found.set(record.series, values);
  }
  return new Map([...found].map(([series, values]) => [series, mean(values)]));
}

function ratios(ours, naive, measure, horizon, window) {
  const reference = bySeries(naive, measure, horizon, window);
  return [...bySeries(ours, measure, horizon, window)]
    .filter(([series]) => reference.has(series))
    .map(([series, value]) => (value + offset) / ((reference.get(series) ?? 0) + offset))
    .map((ratio) => Math.min(100, Math.max(0.01, ratio)));
}

const cells = windows.flatMap((window) => horizons.map((horizon) => ({ window, horizon })));

/** The figures of one method against naive. */
export function figuresOf(ours, naive) {
  const cell = (measure) => cells.map(({ window, horizon }) => ratios(ours, naive, measure, horizon, window));
  const errors = cell("mase");
  const sources = [...new Set(ours.map(({ source }) => source))].sort();
  const from = (records, source) => records.filter((record) => record.source === source);
  return {
    mase: geometricMean(errors.flat()),
    cells: errors.map(geometricMean),
    quantileLoss: geometricMean(cell("ql").flat()),
    coverage80: horizons.map((horizon) => mean([...bySeries(ours, "cov80", horizon).values()])),
    coverage95: horizons.map((horizon) => mean([...bySeries(ours, "cov95", horizon).values()])),
    milliseconds: windows.map((window) => median(ours.filter(({ W }) => W === window).map(({ ms }) => ms))),
    failures: ours.filter(({ fail }) => fail !== undefined).length,
    bySource: sources.map((source) => ({
      source,
      mase: geometricMean(
        cells.flatMap(({ window, horizon }) =>
          ratios(from(ours, source), from(naive, source), "mase", horizon, window),
        ),
      ),
    })),
  };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function geometricMean(values) {
  return Math.exp(mean(values.map(Math.log)));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
