import { z } from "zod";
import { boundedText } from "./data-text.ts";

// The answers of the read API, as far as they are used. All texts are bounded: applications choose
// metrics and labels.

/** The most characters of the name and of the value of a label, and of all labels of a series. */
const MAX_LABEL_NAME = 100;
const MAX_LABEL_VALUE = 200;
const MAX_ALL_LABELS = 2000;
/** Of horizons, of which a process has a few. */
const MAX_HORIZONS = 100;
/** Epoch milliseconds that are a date, also after `MAX_SECONDS`. */
const MAX_TIME = 8e15;
const MAX_SECONDS = 1e11;

/** More than a forecast knows. */
const DIGITS = 9;

const text = (maxLength: number) => z.string().transform((given) => boundedText(given, maxLength));
const number = z.number().transform((given) => Number(given.toPrecision(DIGITS)));
const time = z.number().min(0).max(MAX_TIME);
const seconds = z.number().min(0).max(MAX_SECONDS).pipe(number);
const labels = z.record(z.string(), z.string()).transform(boundedLabels);
const threshold = z.object({ value: number, direction: z.enum(["above", "below"]) });
const bounds = { predicted: number, lower: number, upper: number };

const seriesAnswer = z.object({
  id: text(50),
  metric: text(300),
  labels,
  unit: text(50),
  state: z.enum(["ready", "warming-up", "silent", "failed"]),
  missingPoints: z.number().exactOptional(),
  at: time.exactOptional(),
  value: number.exactOptional(),
  horizons: z.array(z.object({ horizon: text(50), at: time, ...bounds })).max(MAX_HORIZONS),
  trend: z.enum(["increasing", "decreasing", "stable"]).exactOptional(),
  threshold: threshold.exactOptional(),
  secondsToThreshold: seconds.exactOptional(),
  recommendation: text(600).exactOptional(),
  process: text(200).exactOptional(),
});

/** The answer at `/api/forecasts`. */
export const listAnswer = z.object({
  now: time,
  series: z.number(),
  selected: z.number(),
  forecasts: z.array(seriesAnswer),
  processes: z.object({ others: z.number(), silent: z.number() }).exactOptional(),
});

/** The answer at `/api/series/ID`. */
export const detailAnswer = z.object({
  ...seriesAnswer.shape,
  quality: z
    .array(
      z.object({
        horizon: text(50),
        method: text(300),
        // JSON has no infinite numbers.
        errorVersusNaive: number.nullable(),
        errorRatio: number.nullable().exactOptional(),
        coverage: number.exactOptional(),
      }),
    )
    .max(MAX_HORIZONS),
});

/** One of the alerts at `/api/alerts`. */
export const alertAnswer = z.object({
  name: text(200),
  state: z.string(),
  since: time,
  severity: text(50),
  metricName: text(300),
  labels,
  unit: text(50),
  threshold,
  at: time,
  current: number,
  predictedValue: number.exactOptional(),
  timeToThresholdSeconds: seconds.exactOptional(),
  summary: text(600),
  description: text(1200),
  runbookUrl: text(400).exactOptional(),
  process: text(200).exactOptional(),
});

/** A series with its forecasts. */
export type SeriesAnswer = z.output<typeof seriesAnswer>;
/** Series with their forecasts. */
export type ListAnswer = z.output<typeof listAnswer>;
/** One series with the quality of its forecasts. */
export type DetailAnswer = z.output<typeof detailAnswer>;
/** An alert. */
export type AlertAnswer = z.output<typeof alertAnswer>;

function boundedLabels(given: Readonly<Record<string, string>>): Record<string, string> {
  const kept: [string, string][] = [];
  const all = Object.entries(given);
  let length = 0;
  for (const [name, value] of all) {
    const label: [string, string] = [boundedText(name, MAX_LABEL_NAME), boundedText(value, MAX_LABEL_VALUE)];
    length += label[0].length + label[1].length;
    if (length > MAX_ALL_LABELS) break;
    kept.push(label);
  }
  if (kept.length < all.length) kept.push(["...", `${all.length - kept.length} more labels`]);
  return Object.fromEntries(kept);
}
