import { z } from "zod";
import { inUnitsOf, inWords } from "../../advice/human-units.ts";
import { silentText, subjectIn } from "../../status/headline.ts";
import { counted } from "../counted.ts";
import type { ListAnswer, SeriesAnswer } from "./api-answers.ts";

/** A selector of series, for the input of a tool. */
export const selector = z
  .string()
  .min(1)
  .max(4000)
  .describe(
    'Selector of series as in PromQL: queue_size, queue_size{job="api",pod=~"a.*"} or {__name__=~"disk_.*"}',
  );

/** A time in an answer. */
export const timeField = z.string().describe("ISO 8601, UTC");
/** A forecast with its interval. */
export const boundsFields = {
  predicted: z.number(),
  lower: z.number().describe("Lower bound of the 80 % interval"),
  upper: z.number().describe("Upper bound of the 80 % interval"),
};
/** A threshold in an answer. */
export const thresholdField = z
  .object({ value: z.number(), direction: z.enum(["above", "below"]) })
  .describe("There is trouble on this side of the value");
/** The threshold of a series, if it has one, and when it is passed. */
export const limitFields = {
  threshold: thresholdField.exactOptional(),
  secondsToThreshold: z
    .number()
    .exactOptional()
    .describe("From the newest value; 0: the threshold is passed; absent: not within the longest horizon"),
  passesAt: timeField.exactOptional(),
};
/** The process that a series or an alert is of. */
export const processField = z
  .string()
  .exactOptional()
  .describe("The process or thread that has it, such as worker 2; absent: the one that was asked");
/** What every answer has of a series. Values are in its unit. */
export const seriesFields = {
  id: z.string().describe("Identifies the series for the tool why"),
  metric: z.string(),
  labels: z.record(z.string(), z.string()),
  unit: z.string().describe("UCUM notation; empty for none"),
  state: z
    .enum(["ready", "warming-up", "silent", "failed"])
    .describe("silent: no value in the last collection; failed: no model could be fitted"),
  value: z.number().exactOptional().describe("The newest value"),
  at: timeField.exactOptional(),
  process: processField,
};
/** How many series there are, and how many the request selects. */
export const countFields = {
  series: z.number().describe("How many series there are"),
  selected: z.number().describe("How many of them are selected"),
  leftOut: z.number().describe("How many of the selected ones are not in the answer"),
  silentProcesses: z
    .number()
    .exactOptional()
    .describe("How many other processes did not answer: their series are missing"),
};

/** The fields of `seriesFields`. */
export function shownSeries({ id, metric, labels, unit, state, value, at, process }: SeriesAnswer) {
  return {
    id,
    metric,
    labels,
    unit,
    state,
    ...(value === undefined ? {} : { value }),
    ...(at === undefined ? {} : { at: isoTime(at) }),
    ...(process === undefined ? {} : { process }),
  };
}

/** The fields of `countFields`. */
export function shownCounts({ series, selected, processes }: ListAnswer, leftOut: number) {
  const { silent = 0 } = processes ?? {};
  return { series, selected, leftOut, ...(silent === 0 ? {} : { silentProcesses: silent }) };
}

/** The fields of `limitFields`. */
export function shownLimit(series: SeriesAnswer) {
  const { threshold, secondsToThreshold } = series;
  const passing = passingOf(series);
  return {
    ...(threshold === undefined ? {} : { threshold }),
    ...(secondsToThreshold === undefined ? {} : { secondsToThreshold }),
    ...(passing === undefined ? {} : { passesAt: isoTime(passing.at) }),
  };
}

/** The series in a sentence, with the id by which it can be asked for. */
export function named(series: SeriesAnswer): string {
  return `${subjectIn(series)} (id ${series.id})`;
}

/** A value of a series for a person. */
export function written({ metric, unit }: Pick<SeriesAnswer, "metric" | "unit">, value: number): string {
  return inUnitsOf({ metricName: metric, unit }, value);
}

/** `93% (90% to 96%)`. */
export function writtenForecast(
  series: SeriesAnswer,
  { predicted, lower, upper }: SeriesAnswer["horizons"][number],
): string {
  const [middle, low, high] = [predicted, lower, upper].map((it) => written(series, it));
  return `${middle} (${low} to ${high})`;
}

/** When a series passes its threshold; `undefined` if that is not forecast. */
function passingOf({ at, secondsToThreshold: seconds }: SeriesAnswer) {
  return at === undefined || seconds === undefined ? undefined : { seconds, at: at + seconds * 1000 };
}

/** `in about 30 minutes, at 2026-01-01 12:30:00 UTC`; `undefined` if it is not forecast. */
export function writtenPassing(series: SeriesAnswer): string | undefined {
  const passing = passingOf(series);
  if (passing === undefined) return undefined;
  if (passing.seconds === 0) return "now";
  return `in about ${inWords(passing.seconds)}, at ${clockTime(passing.at)}`;
}

/** What a person has to know of a series that is not as usual, as sentences. */
export function writtenState({ state, missingPoints }: SeriesAnswer): string {
  switch (state) {
    case "ready":
      return "";
    case "warming-up":
      return missingPoints === undefined
        ? " It has too few points for a forecast."
        : ` It has too few points for a forecast: ${counted(missingPoints, "point is", "points are")} missing.`;
    case "silent":
      return " It had no value in the last collection.";
    case "failed":
      return " No model could be fitted to it.";
  }
}

/** `40 of 90 series are selected, 20 of them are not in this answer.`, and what else is missing. */
export function writtenCounts({ series, selected, processes }: ListAnswer, leftOut: number): string {
  const all = `${selected} of ${counted(series, "series", "series")} selected`;
  const counts = leftOut > 0 ? `${all}, ${leftOut} of them not in this answer.` : `${all}.`;
  return [counts, ...silentText(processes)].join(" ");
}

/** ISO 8601, UTC, to the nearest second. */
export function isoTime(millis: number): string {
  return `${new Date(Math.round(millis / 1000) * 1000).toISOString().slice(0, -5)}Z`;
}

/** `2026-01-01 12:30:00 UTC`. */
export function clockTime(millis: number): string {
  return isoTime(millis).replace("T", " ").replace("Z", " UTC");
}
