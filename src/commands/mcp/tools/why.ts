import { z } from "zod";
import { counted } from "../../counted.ts";
import { MAX_LISTED } from "../../read-api.ts";
import { type Answer, fittingRows, type Row } from "../answer.ts";
import type { DetailAnswer, ListAnswer } from "../api-answers.ts";
import { named, selector, seriesFields, shownSeries, written, writtenState } from "../shown-series.ts";
import { tool } from "../tool.ts";

const quality = z.object({
  horizon: z.string(),
  model: z.string().describe("The method, with its members and seasons"),
  backtestError: z
    .number()
    .nullable()
    .describe(
      "Error in a backtest divided by that of assuming no change: below 1 is better; null: no comparison",
    ),
  liveError: z
    .number()
    .nullable()
    .exactOptional()
    .describe("The same of about the last 64 published forecasts; absent until 10 were due"),
  coverage: z
    .number()
    .exactOptional()
    .describe("Share of real values inside the 80 % interval; absent until 10 forecasts were due"),
});
const output = z.object({
  selected: z.number().describe("How many series are selected; only one is explained"),
  explained: z
    .object({
      ...seriesFields,
      missingPoints: z.number().exactOptional().describe("How many points a forecast still needs"),
      quality: z.array(quality),
      recommendation: z.string().exactOptional(),
    })
    .exactOptional(),
  candidates: z
    .array(z.object(seriesFields))
    .exactOptional()
    .describe("The selected series, if there are several: ask again with the id of one"),
});

/** Explains the forecast of one series. */
export const whyTool = tool({
  name: "why",
  title: "Why a series is forecast as it is",
  description:
    "Explains the forecast of exactly one series: the model of each horizon, its error in a backtest and live " +
    "compared with assuming no change, how often real values were inside the interval, how many points are " +
    "missing, and what is recommended. Give the id of a series from another tool, or a selector. If the " +
    "selector selects several series, the answer lists them.",
  input: z.strictObject({
    id: z.string().min(1).max(50).describe("The id of a series, from another tool").exactOptional(),
    match: selector.exactOptional(),
  }),
  output,
  answer: async (api, { id, match }, signal) => {
    if (id !== undefined && match === undefined) return explanationOf(await api.series(id, signal));
    if (id !== undefined || match === undefined) throw new Error("expected either id or match");
    const list = await api.list({ match, limit: MAX_LISTED }, signal);
    const [only] = list.forecasts;
    if (only === undefined)
      throw new Error(`no series is selected by ${match}: the tool forecasts lists series`);
    return list.selected === 1 ? explanationOf(await api.series(only.id, signal)) : candidatesOf(list);
  },
});

function candidatesOf({ forecasts, selected }: ListAnswer): Answer<z.output<typeof output>> {
  const rows = fittingRows(
    forecasts.map((series) => ({ data: shownSeries(series), line: `- ${named(series)}` })),
  );
  const leftOut = selected - rows.length;
  return {
    data: { selected, candidates: rows.map(({ data }) => data) },
    lines: [
      `${selected} series are selected. Ask again with the id of one of them, or with a selector of one:`,
      ...rows.map(({ line }) => line),
      ...(leftOut > 0 ? [`${leftOut} of them are not in this answer.`] : []),
    ],
  };
}

function explanationOf(series: DetailAnswer): Answer<z.output<typeof output>> {
  const { value, missingPoints, recommendation } = series;
  const rows = fittingRows(series.quality.map(qualityRow));
  const leftOut = series.quality.length - rows.length;
  const now = value === undefined ? "has no value yet" : `is ${written(series, value)} now`;
  return {
    data: {
      selected: 1,
      explained: {
        ...shownSeries(series),
        ...(missingPoints === undefined ? {} : { missingPoints }),
        quality: rows.map(({ data }) => data),
        ...(recommendation === undefined ? {} : { recommendation }),
      },
    },
    lines: [
      `${named(series)} ${now}.${writtenState(series)}`,
      ...rows.map(({ line }) => line),
      ...(leftOut > 0
        ? [`${counted(leftOut, "horizon")} more ${leftOut === 1 ? "is" : "are"} not in this answer.`]
        : []),
      ...(recommendation === undefined ? [] : [`Recommendation: ${JSON.stringify(recommendation)}`]),
    ],
  };
}

function qualityRow(given: DetailAnswer["quality"][number]): Row<z.output<typeof quality>> {
  const { horizon, method, errorVersusNaive, errorRatio, coverage } = given;
  const data = {
    horizon,
    model: method,
    backtestError: errorVersusNaive,
    ...(errorRatio === undefined ? {} : { liveError: errorRatio }),
    ...(coverage === undefined ? {} : { coverage }),
  };
  const live = errorRatio === undefined ? "not known yet" : comparisonOf(errorRatio);
  const inside =
    coverage === undefined
      ? ""
      : ` ${Math.round(coverage * 100)}% of the real values were inside the 80 % interval.`;
  const line = `- in ${horizon}: model ${method}. Error in the backtest: ${comparisonOf(errorVersusNaive)}. Error of live forecasts: ${live}.${inside}`;
  return { data, line };
}

/** `38% less than assuming no change`. */
function comparisonOf(ratio: number | null): string {
  if (ratio === null) return "it cannot be compared with assuming no change";
  const percent = Math.round((ratio - 1) * 100);
  if (percent === 0) return "as assuming no change";
  return `${Math.abs(percent)}% ${percent < 0 ? "less" : "more"} than assuming no change`;
}
