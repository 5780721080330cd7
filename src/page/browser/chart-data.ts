import type { SeriesDetail } from "../../status/answers.ts";

/** The rows of a chart: times in seconds, and the values of each line at each time. */
export interface ChartRows {
  readonly times: readonly number[];
  readonly observed: readonly Value[];
  readonly predicted: readonly Value[];
  readonly upper: readonly Value[];
  readonly lower: readonly Value[];
  /** What was forecast before for this time. */
  readonly before: readonly Value[];
}

/** `null` is a gap of the line; `undefined` is a time that belongs to another line. */
export type Value = number | null | undefined;

interface Row {
  observed?: number | null;
  predicted?: number;
  upper?: number;
  lower?: number;
  before?: number;
}

/** Brings the past, the forecast and the forecasts of before onto one axis of time. */
export function chartRows({ past, path, before, at, value }: SeriesDetail): ChartRows {
  const rows = new Map<number, Row>();
  const rowAt = (millis: number): Row => {
    const seconds = Math.round(millis) / 1000;
    const known = rows.get(seconds) ?? {};
    rows.set(seconds, known);
    return known;
  };
  const step = past.stepSeconds * 1000;
  const first = past.endsAt - (past.values.length - 1) * step;
  past.values.forEach((observed, index) => {
    rowAt(first + index * step).observed = observed;
  });
  for (const { at: dueAt, predicted } of before[0]?.forecasts ?? []) {
    // At the time of the value that it is compared with, so that the cursor finds both.
    if (dueAt >= first) rowAt(first + Math.round((dueAt - first) / step) * step).before = predicted;
  }
  if (at !== undefined && value !== undefined && path.length > 0)
    Object.assign(rowAt(at), { observed: value, predicted: value, upper: value, lower: value });
  for (const { at: dueAt, predicted, upper, lower } of path)
    Object.assign(rowAt(dueAt), { predicted, upper, lower });
  const sorted = [...rows].sort(([one], [other]) => one - other);
  const line = (name: keyof Row): Value[] => sorted.map(([, row]) => row[name]);
  return {
    times: sorted.map(([seconds]) => seconds),
    observed: line("observed"),
    predicted: line("predicted"),
    upper: line("upper"),
    lower: line("lower"),
    before: line("before"),
  };
}

/** What a chart shows at one time, in words. */
export function readingAt(
  rows: ChartRows,
  index: number,
  texts: { readonly time: (seconds: number) => string; readonly value: (value: number) => string },
): string {
  const { value } = texts;
  const [observed, predicted, before] = [rows.observed[index], rows.predicted[index], rows.before[index]];
  const [lower, upper] = [rows.lower[index], rows.upper[index]];
  const parts = [texts.time(rows.times[index] ?? 0)];
  if (typeof observed === "number") parts.push(`observed ${value(observed)}`);
  else if (typeof predicted === "number") {
    parts.push(`forecast ${value(predicted)}`);
    if (typeof lower === "number" && typeof upper === "number")
      parts.push(`80% interval ${value(lower)} to ${value(upper)}`);
  } else if (observed === null) parts.push("no value");
  if (typeof before === "number") parts.push(`forecast before: ${value(before)}`);
  return parts.join(", ");
}
