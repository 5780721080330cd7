import { z } from "zod";
import { headlineOf } from "../../../status/headline.ts";
import { MAX_LISTED } from "../../read-api.ts";
import { fittingRows } from "../answer.ts";
import type { SeriesAnswer } from "../api-answers.ts";
import {
  boundsFields,
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

const DEFAULT_LIMIT = 20;

/** Lists the most urgent series. */
export const forecastsTool = tool({
  name: "forecasts",
  title: "Forecasts, the most urgent first",
  description:
    "Lists measured series with the newest value, the forecast at each horizon with its 80 % interval, the " +
    "threshold and when it is passed. Series that pass their threshold soonest come first. Begins with one " +
    "sentence on what will be in trouble first. Use it to see what is measured, and what will go wrong next.",
  input: z.strictObject({
    match: selector.exactOptional(),
    search: z
      .string()
      .max(1000)
      .describe("Only series whose metric or values of labels contain this text, in any case")
      .exactOptional(),
    limit: z
      .int()
      .min(1)
      .max(MAX_LISTED)
      .default(DEFAULT_LIMIT)
      .describe("The most series to list; an answer has room for about 100"),
  }),
  output: z.object({
    headline: z.string().describe("What will be in trouble first, and when"),
    now: timeField,
    ...countFields,
    forecasts: z.array(
      z.object({
        ...seriesFields,
        horizons: z.array(
          z.object({
            horizon: z.string().describe("Such as 5m; midnight for a total of the day"),
            at: timeField,
            ...boundsFields,
          }),
        ),
        missingPoints: z.number().exactOptional().describe("How many points a forecast still needs"),
        trend: z.enum(["increasing", "decreasing", "stable"]).exactOptional(),
        ...limitFields,
      }),
    ),
  }),
  answer: async (api, wanted, signal) => {
    const list = await api.list(wanted, signal);
    const rows = fittingRows(
      list.forecasts.map((series) => ({ data: dataOf(series), line: lineOf(series) })),
    );
    const { now, selected, forecasts } = list;
    const headline = selected === 0 ? "No series is selected." : headlineOf(forecasts);
    const leftOut = selected - rows.length;
    return {
      data: {
        headline,
        now: isoTime(now),
        ...shownCounts(list, leftOut),
        forecasts: rows.map(({ data }) => data),
      },
      lines: [headline, writtenCounts(list, leftOut), ...rows.map(({ line }) => line)],
    };
  },
});

function dataOf(series: SeriesAnswer) {
  const { horizons, missingPoints, trend } = series;
  return {
    ...shownSeries(series),
    horizons: horizons.map(({ at, ...bounds }) => ({ ...bounds, at: isoTime(at) })),
    ...(missingPoints === undefined ? {} : { missingPoints }),
    ...(trend === undefined ? {} : { trend }),
    ...shownLimit(series),
  };
}

function lineOf(series: SeriesAnswer): string {
  const { value, horizons } = series;
  const values = [
    ...(value === undefined ? [] : [`now ${written(series, value)}`]),
    ...horizons.map((it) => `${aheadOf(it.horizon)} ${writtenForecast(series, it)}`),
  ];
  const shown = values.length === 0 ? "" : ` ${values.join(", ")}.`;
  return `- ${named(series)}:${shown}${limitOf(series)}${writtenState(series)}`;
}

function aheadOf(horizon: string): string {
  return horizon === "midnight" ? "by midnight" : `in ${horizon}`;
}

function limitOf(series: SeriesAnswer): string {
  const { threshold } = series;
  if (threshold === undefined) return "";
  const limit = ` Its threshold is ${threshold.direction} ${written(series, threshold.value)}`;
  const passing = writtenPassing(series);
  return passing === undefined ? `${limit}.` : `${limit}: passed ${passing}.`;
}
