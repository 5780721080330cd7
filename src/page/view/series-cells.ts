import { inWords } from "../../advice/human-units.ts";
import { MIDNIGHT, parseDuration } from "../../core/horizon.ts";
import type { HorizonStatus, SeriesStatus } from "../../status/answers.ts";
import { intervalText, momentOf, NOTHING, nameOf, valueText } from "./texts.ts";
import type { ViewContext } from "./view-context.ts";
import { type Child, element } from "./view-node.ts";

const TRENDS = {
  increasing: { sign: "↗", word: "rising" },
  decreasing: { sign: "↘", word: "falling" },
  stable: { sign: "→", word: "stable" },
} as const;

/** The forecast at the longest horizon; of a total of the day that for midnight. */
export function farthest({ horizons }: SeriesStatus): HorizonStatus | undefined {
  return horizons.find(({ horizon }) => horizon === MIDNIGHT.label) ?? horizons.at(-1);
}

/** The forecast of a series with its interval and its trend, or why there is none. */
export function forecastCell(series: SeriesStatus, { now, times }: ViewContext): Child[] {
  const found = farthest(series);
  if (found === undefined) return [element("span", { class: "quiet" }, withoutForecast(series))];
  const trend = TRENDS[series.trend ?? "stable"];
  const isDay = found.horizon === MIDNIGHT.label;
  return [
    element("span", { class: "numbers strong" }, valueText(series, found.predicted)),
    " ",
    element("span", { class: `trend ${series.trend ?? ""}` }, `${trend.sign} ${trend.word}`),
    element("br"),
    element(
      "span",
      { class: "quiet numbers" },
      `${intervalText(series, found)}, `,
      isDay ? ["by midnight, ", momentOf(found.at, now, times)] : `in ${wordsOf(found.horizon)}`,
      series.state === "silent" && ", no new values",
    ),
  ];
}

/** A horizon in words: `5 minutes` for `5m`. */
export function wordsOf(horizon: string): string {
  const seconds = parseDuration(horizon);
  return seconds === undefined ? horizon : inWords(seconds);
}

function withoutForecast({ state, missingPoints = 0 }: SeriesStatus): string {
  if (state === "failed") return "no model could be fitted";
  return `warming up, ${missingPoints} ${missingPoints === 1 ? "sample" : "samples"} missing`;
}

/** The threshold of a series, and when it is passed. */
export function limitText(series: SeriesStatus, { now, times }: ViewContext): Child {
  const { threshold, secondsToThreshold: seconds, at = now } = series;
  if (threshold === undefined) return NOTHING;
  const limit = `${threshold.direction} ${valueText(series, threshold.value)}`;
  if (seconds === undefined)
    return [limit, element("br"), element("span", { class: "quiet" }, "not forecast")];
  if (seconds === 0) return [limit, element("br"), element("strong", { class: "passed" }, "▲ passed now")];
  return [
    limit,
    element("br"),
    element("strong", { class: "soon", title: inWords(Math.max(1, Math.round(seconds))) }, "◆ passes at "),
    momentOf(at + seconds * 1000, now, times),
  ];
}

/** The process or thread that a series is of, unless it is the one that shows the page. */
export function processOf({ process }: { readonly process?: string }): Child {
  return process !== undefined && element("span", { class: "quiet" }, nameOf(process));
}
