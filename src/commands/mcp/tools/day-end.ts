import { z } from "zod";
import { MAX_LISTED } from "../../read-api.ts";
import { fittingRows } from "../answer.ts";
import type { SeriesAnswer } from "../api-answers.ts";
import {
  boundsFields,
  clockTime,
  countFields,
  isoTime,
  limitFields,
  named,
  selector,
  seriesFields,
  shownCounts,
  shownLimit,
  shownSeries,
  timeField,
  written,
  writtenCounts,
  writtenForecast,
  writtenPassing,
  writtenState,
} from "../shown-series.ts";
import { tool } from "../tool.ts";

type Horizon = SeriesAnswer["horizons"][number];

/** Says what totals of the day come to. */
export const dayEndTool = tool({
  name: "day_end",
  title: "What the day comes to",
  description:
    "Says for each selected total of the day, such as the cost or the tokens of today, what it is forecast to " +
    "be at midnight, with its 80 % interval and its threshold. Midnight is that of the measured process. Use " +
    "it for questions such as: what does today cost, does the budget last until tonight?",
  input: z.strictObject({ match: selector.exactOptional() }),
  output: z.object({
    now: timeField,
    ...countFields,
    totals: z.array(
      z.object({
        ...seriesFields,
        midnight: timeField,
        ...boundsFields,
        ...limitFields,
      }),
    ),
  }),
  answer: async (api, { match }, signal) => {
    const list = await api.list({ ...(match === undefined ? {} : { match }), limit: MAX_LISTED }, signal);
    const totals = list.forecasts.flatMap((series) => {
      const end = series.horizons.find(({ horizon }) => horizon === "midnight");
      return end === undefined ? [] : [{ data: dataOf(series, end), line: lineOf(series, end) }];
    });
    const rows = fittingRows(totals);
    const { now, selected, forecasts } = list;
    const leftOut = selected - forecasts.length + totals.length - rows.length;
    return {
      data: { now: isoTime(now), ...shownCounts(list, leftOut), totals: rows.map(({ data }) => data) },
      lines: [
        `${writtenCounts(list, leftOut)} ${totals.length === 0 ? NONE : `${totals.length} of them are forecast to midnight.`}`,
        ...rows.map(({ line }) => line),
      ],
    };
  },
});

const NONE =
  "None of them has a forecast for midnight: only totals of the day have one, when they have enough points.";

function dataOf(series: SeriesAnswer, { at, predicted, lower, upper }: Horizon) {
  return {
    ...shownSeries(series),
    midnight: isoTime(at),
    predicted,
    lower,
    upper,
    ...shownLimit(series),
  };
}

function lineOf(series: SeriesAnswer, end: Horizon): string {
  const { value } = series;
  const now = value === undefined ? "" : ` It is ${written(series, value)} now.`;
  const comes = `- ${named(series)} comes to ${writtenForecast(series, end)} by ${clockTime(end.at)}.`;
  return `${comes}${now}${limitOf(series)}${writtenState(series)}`;
}

function limitOf(series: SeriesAnswer): string {
  const { threshold, secondsToThreshold } = series;
  if (threshold === undefined) return " It has no threshold.";
  const limit = `its threshold of ${written(series, threshold.value)}`;
  const passing = writtenPassing(series);
  if (secondsToThreshold === 0) return ` It is ${threshold.direction} ${limit}.`;
  if (passing === undefined)
    return ` It is not forecast to be ${threshold.direction} ${limit} before midnight.`;
  return ` It will be ${threshold.direction} ${limit} ${passing}.`;
}
