import { z } from "zod";
import { inWords } from "../../../advice/human-units.ts";
import { counted } from "../../counted.ts";
import { MAX_LISTED } from "../../read-api.ts";
import { fittingRows } from "../answer.ts";
import type { SeriesAnswer } from "../api-answers.ts";
import {
  countFields,
  isoTime,
  limitFields,
  named,
  selector,
  seriesFields,
  shownCounts,
  shownLimit,
  shownSeries,
  thresholdField,
  timeField,
  written,
  writtenCounts,
  writtenPassing,
  writtenState,
} from "../shown-series.ts";
import { tool } from "../tool.ts";

type Limited = SeriesAnswer & Required<Pick<SeriesAnswer, "threshold">>;
type Outcome = "passed" | "will-pass" | "not-forecast" | "no-forecast";

/** Says when series pass their threshold. */
export const timeToThresholdTool = tool({
  name: "time_to_threshold",
  title: "When thresholds are passed",
  description:
    "Says for each selected series with a threshold in how many seconds and at what time it is forecast to " +
    "pass it, or that it is not forecast to pass it within its longest horizon. Use it for questions such " +
    "as: when is the disk full, when does the queue reach its limit?",
  input: z.strictObject({ match: selector.exactOptional() }),
  output: z.object({
    now: timeField,
    ...countFields,
    withoutThreshold: z.number().describe("How many of the selected series have no threshold"),
    thresholds: z.array(
      z.object({
        ...seriesFields,
        ...limitFields,
        threshold: thresholdField,
        outcome: z
          .enum(["passed", "will-pass", "not-forecast", "no-forecast"])
          .describe("not-forecast: not within withinSeconds; no-forecast: there is no forecast yet"),
        withinSeconds: z.number().exactOptional().describe("How far ahead the forecast looks"),
      }),
    ),
  }),
  answer: async (api, { match }, signal) => {
    const list = await api.list({ ...(match === undefined ? {} : { match }), limit: MAX_LISTED }, signal);
    const limited = list.forecasts.filter(hasThreshold);
    const rows = fittingRows(limited.map((series) => ({ data: dataOf(series), line: lineOf(series) })));
    const { now, selected, forecasts } = list;
    const withoutThreshold = forecasts.length - limited.length;
    const leftOut = selected - withoutThreshold - rows.length;
    return {
      data: {
        now: isoTime(now),
        ...shownCounts(list, leftOut),
        withoutThreshold,
        thresholds: rows.map(({ data }) => data),
      },
      lines: [
        `${writtenCounts(list, leftOut)} ${counted(withoutThreshold, "of them has", "of them have")} no threshold.`,
        ...rows.map(({ line }) => line),
      ],
    };
  },
});

function hasThreshold(series: SeriesAnswer): series is Limited {
  return series.threshold !== undefined;
}

function outcomeOf(series: SeriesAnswer): Outcome {
  if (secondsAhead(series) === undefined) return "no-forecast";
  if (series.secondsToThreshold === undefined) return "not-forecast";
  return series.secondsToThreshold === 0 ? "passed" : "will-pass";
}

function dataOf(series: Limited) {
  const within = secondsAhead(series);
  return {
    ...shownSeries(series),
    ...shownLimit(series),
    threshold: series.threshold,
    outcome: outcomeOf(series),
    ...(within === undefined ? {} : { withinSeconds: within }),
  };
}

function lineOf(series: Limited): string {
  return `- ${named(series)} ${verdictOf(series)}.${writtenState(series)}`;
}

function verdictOf(series: Limited): string {
  const { threshold, value } = series;
  const limit = `${threshold.direction} its threshold of ${written(series, threshold.value)}`;
  const now = value === undefined ? "" : `, and is ${written(series, value)} now`;
  const ahead = secondsAhead(series);
  if (ahead === undefined) return `has no forecast yet for when it is ${limit}${now}`;
  const passing = writtenPassing(series);
  if (passing === undefined) return `is not forecast to be ${limit} within ${inWords(ahead)}${now}`;
  return outcomeOf(series) === "passed" ? `is ${limit}${now}` : `will be ${limit} ${passing}${now}`;
}

/** How far the search for the threshold looks ahead: to the longest horizon, or to midnight. */
function secondsAhead({ at, horizons }: SeriesAnswer): number | undefined {
  const last = horizons.at(-1)?.at;
  return at === undefined || last === undefined ? undefined : Math.round((last - at) / 1000);
}
