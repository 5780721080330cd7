import { visibleLine } from "../core/visible.ts";
import type { SeriesStatus } from "../status/answers.ts";
import { inProcess, subjectIn } from "../status/headline.ts";
import type { PageData } from "./view/page-data.ts";
import { linkTo, PAGE_LENGTH, type PageQuery } from "./view/page-query.ts";
import { farthest } from "./view/series-cells.ts";
import { intervalText, NOTHING, UTC_TIMES, valueText } from "./view/texts.ts";

const LONGEST_NAME = 120;

/** The page as plain text, such as for curl: the sentence, the alerts, and the series. */
export function textOf(
  { now, service, headline, alerts, list, problem }: PageData,
  query: PageQuery,
): string {
  const { forecasts, selected } = list;
  const rest = selected - (query.page - 1) * PAGE_LENGTH - forecasts.length;
  const next = linkTo(query, { page: query.page + 1 });
  const lines = [
    `${visibleLine(service)}, ${UTC_TIMES.exact(now)}`,
    "",
    visibleLine(headline.text),
    ...alerts.map(({ state, summary, process }) => visibleLine(`${state}: ${inProcess(summary, process)}`)),
    ...(problem === undefined ? [] : [visibleLine(problem)]),
    "",
    ...table([["series", "now", "forecast", "80% interval", "threshold"], ...forecasts.map(row)]),
    ...(rest > 0 ? [`${rest} more series: use ${next} or ?match=`] : []),
    "",
    "More: /metrics, /api/forecasts",
  ];
  return `${lines.join("\n")}\n`;
}

function row(series: SeriesStatus): string[] {
  const found = farthest(series);
  const { threshold } = series;
  return [
    visibleLine(subjectIn(series)).slice(0, LONGEST_NAME),
    valueText(series, series.value),
    found === undefined ? series.state : `${valueText(series, found.predicted)} ${whenOf(found.horizon)}`,
    found === undefined ? NOTHING : intervalText(series, found),
    threshold === undefined ? NOTHING : `${threshold.direction} ${valueText(series, threshold.value)}`,
  ];
}

function whenOf(horizon: string): string {
  return horizon === "midnight" ? "by midnight" : `in ${horizon}`;
}

/** Rows with columns of equal width. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
