import type { QualityStatus, SeriesDetail } from "../../status/answers.ts";
import { stillChart } from "./plot.ts";
import { scrollTable } from "./scroll-table.ts";
import { forecastCell, limitText, processOf, wordsOf } from "./series-cells.ts";
import { labelsOf } from "./series-view.ts";
import { intervalText, NOTHING, nameOf, sentenceOf, shareText, valueText } from "./texts.ts";
import type { ViewContext } from "./view-context.ts";
import { type Child, element, type ViewElement } from "./view-node.ts";

/** About how many rows the table behind a chart has of the past, and of the future. */
const ROWS = 12;

/** The series that is open: its chart, its numbers, and why it is forecast as it is. */
export function detailView(detail: SeriesDetail | undefined, context: ViewContext): ViewElement[] {
  if (detail === undefined) return [];
  return [
    element(
      "section",
      { id: "detail", "aria-labelledby": "detail-title" },
      element("h2", { id: "detail-title" }, nameOf(detail.metric)),
      element("p", {}, labelsOf(detail, context.query), " ", processOf(detail)),
      detail.recommendation !== undefined &&
        element("p", { class: "advice" }, sentenceOf(detail.recommendation)),
      figure(detail, context),
      whyView(detail),
    ),
  ];
}

function figure(detail: SeriesDetail, context: ViewContext): ViewElement {
  return element(
    "figure",
    { id: `figure-${detail.id}` },
    element(
      "div",
      { class: "facts" },
      fact("Now", element("span", { class: "numbers strong" }, valueText(detail, detail.value))),
      fact("Forecast", ...forecastCell(detail, context)),
      fact("Threshold", limitText(detail, context)),
    ),
    element("div", { class: "chart", "data-series": detail.id }, stillChart(detail)),
    element("p", { class: "readout numbers quiet", "aria-live": "polite" }),
    legend(detail),
    element(
      "details",
      { class: "behind" },
      element("summary", {}, "Show as table"),
      chartTable(detail, context),
    ),
  );
}

function fact(name: string, ...content: readonly Child[]): ViewElement {
  return element("div", {}, element("span", { class: "quiet" }, name), element("br"), ...content);
}

function legend({ before, threshold }: SeriesDetail): ViewElement {
  const entries: (readonly [string, string])[] = [
    ["observed", "observed"],
    ["predicted", "forecast (dashed)"],
    ["band", "80% interval"],
    ...before
      .slice(0, 1)
      .map(({ horizon }) => ["before", `forecast ${wordsOf(horizon)} before (dotted)`] as const),
    ...(threshold === undefined ? [] : [["limit", "threshold (long dashes)"] as const]),
    ["present", "now"],
  ];
  return element(
    "figcaption",
    { class: "legend" },
    entries.map(([kind, text]) =>
      element(
        "span",
        {},
        element(
          "svg",
          { class: "plot key", viewBox: "0 0 24 10", "aria-hidden": "true" },
          kind === "band"
            ? element("path", { class: kind, d: "M0,1H24V9H0Z" })
            : element("path", { class: kind, d: kind === "present" ? "M12,0V10" : "M0,5H24" }),
        ),
        text,
      ),
    ),
  );
}

/** The numbers of the chart, thinned out. */
function chartTable(detail: SeriesDetail, { times }: ViewContext): ViewElement {
  const { past, path } = detail;
  const millis = past.stepSeconds * 1000;
  const last = past.values.length - 1;
  const observed = past.values.map((value, index) => ({ at: past.endsAt - (last - index) * millis, value }));
  const row = (at: number, ...cells: readonly Child[]): ViewElement =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, times.exact(at)),
      cells.map((cell) => element("td", { class: "numbers" }, cell)),
    );
  const heads = ["Time", "Observed", "Forecast", "80% interval"];
  return scrollTable({ "aria-label": "Numbers of the chart" }, heads, [
    ...thinned(observed).map(({ at, value }) => row(at, valueText(detail, value), NOTHING, NOTHING)),
    ...thinned(path).map((point) =>
      row(point.at, NOTHING, valueText(detail, point.predicted), intervalText(detail, point)),
    ),
  ]);
}

/** Some of the entries at equal distances, with the last one. */
function thinned<Entry>(entries: readonly Entry[]): Entry[] {
  const step = Math.max(1, Math.ceil(entries.length / ROWS));
  return entries.filter((_, index) => (entries.length - 1 - index) % step === 0);
}

function whyView(detail: SeriesDetail): ViewElement {
  const { quality, missingPoints, state, past } = detail;
  const known = past.values.filter((value) => value !== null).length;
  return element(
    "div",
    { class: "why" },
    element("h3", { id: "why-title" }, "Why this forecast?"),
    quality.length === 0
      ? element(
          "p",
          {},
          state === "failed"
            ? "No model could be fitted to this series."
            : `The series has too few samples: ${missingPoints ?? 0} are missing.`,
        )
      : qualityTable(quality),
    element(
      "p",
      { class: "quiet" },
      `${known} of ${past.values.length} values of the chart are known, one every ${past.stepSeconds} s. `,
      "Error: that of the forecast over that of assuming no change; below 1 is better. ",
      "Coverage: the share of values inside the interval; it should be near 80%.",
    ),
  );
}

function qualityTable(quality: readonly QualityStatus[]): ViewElement {
  const heads = ["Horizon", "Model and season", "Live error", "Live coverage", "Error in a backtest"];
  return scrollTable(
    { "aria-labelledby": "why-title" },
    heads,
    quality.map(({ horizon, method, errorRatio, coverage, errorVersusNaive }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, horizon),
        element("td", { class: "model" }, sentenceOf(method)),
        element("td", { class: "numbers" }, ratioText(errorRatio)),
        element("td", { class: "numbers" }, coverage === undefined ? "not known yet" : shareText(coverage)),
        element("td", { class: "numbers" }, ratioText(errorVersusNaive)),
      ),
    ),
  );
}

/** A ratio of errors, with the word that says whether it is good. */
function ratioText(given: number | null | undefined): string {
  const ratio = given ?? Number.NaN;
  if (!Number.isFinite(ratio)) return "not known yet";
  const shown = Number(ratio.toFixed(2));
  const word = shown < 1 ? "better" : shown > 1 ? "worse" : "the same";
  return `${ratio.toFixed(2)} (${word})`;
}
