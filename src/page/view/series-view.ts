import type { ForecastList, SeriesStatus } from "../../status/answers.ts";
import type { PageData } from "./page-data.ts";
import { linkTo, PAGE_LENGTH, type PageQuery } from "./page-query.ts";
import { sparkline } from "./plot.ts";
import { scrollTable } from "./scroll-table.ts";
import { forecastCell, limitText, processOf } from "./series-cells.ts";
import { nameOf, sentenceOf, valueText } from "./texts.ts";
import type { ViewContext } from "./view-context.ts";
import { type Child, element, type ViewElement } from "./view-node.ts";

/** A series has seldom more labels. */
const MOST_LABELS = 12;
/** The longest label that is selected as it is, in characters. */
const LONGEST_SELECTED = 200;

/** The series that the query selects, one page of them. */
export function seriesView({ list, problem, detail }: PageData, context: ViewContext): ViewElement {
  const { query } = context;
  const { forecasts, selected, series } = list;
  const first = (query.page - 1) * PAGE_LENGTH + 1;
  const count =
    forecasts.length === 0
      ? `No series of ${series}.`
      : `${first} to ${first + forecasts.length - 1} of ${selected} series` +
        (selected === series ? "." : `, selected from ${series}.`);
  return element(
    "section",
    { id: "series", "aria-labelledby": "series-title" },
    element("h2", { id: "series-title" }, "All series"),
    filters(query),
    problem !== undefined && element("p", { class: "problem", role: "alert" }, sentenceOf(problem)),
    element("p", { class: "quiet", id: "series-count" }, count, processesText(list)),
    forecasts.length > 0 && tableOf(forecasts, detail?.id, context),
    pages(query, selected),
  );
}

/** Whose series are shown beside those of the process itself. */
function processesText({ processes }: ForecastList): string {
  if (processes === undefined) return "";
  const { others, silent } = processes;
  const those = others === 1 ? "1 other process or thread" : `${others} other processes and threads`;
  const missing = silent === 0 ? "" : ` ${silent} of them did not answer: their series are missing.`;
  return ` Those of ${those} are included.${missing}`;
}

function filters(query: PageQuery): ViewElement {
  const option = (value: string, text: string): ViewElement =>
    element("option", { value, selected: query.sort === value }, text);
  return element(
    "form",
    { method: "get", action: "./", class: "filters", role: "search" },
    element(
      "label",
      {},
      "Search",
      element("input", { type: "search", name: "search", value: query.search, placeholder: "name or label" }),
    ),
    element(
      "label",
      { class: "wide" },
      "Selector",
      element("input", {
        name: "match",
        value: query.match,
        placeholder: '{agent="planner"}',
        spellcheck: "false",
      }),
    ),
    element(
      "label",
      {},
      "Sort by",
      element("select", { name: "sort" }, option("urgency", "urgency"), option("name", "name")),
    ),
    element("button", { type: "submit" }, "Apply"),
    (query.search !== "" || query.match !== "") &&
      element("a", { href: linkTo(query, { search: "", match: "", page: 1 }) }, "Clear"),
  );
}

function tableOf(
  forecasts: readonly SeriesStatus[],
  open: string | undefined,
  context: ViewContext,
): ViewElement {
  const heads = ["Series", "Now", "Past and forecast", "Forecast", "Threshold"];
  return scrollTable(
    { "aria-labelledby": "series-title" },
    heads,
    forecasts.map((series) => rowOf(series, series.id === open, context)),
  );
}

function rowOf(series: SeriesStatus, isOpen: boolean, context: ViewContext): ViewElement {
  const { query } = context;
  return element(
    "tr",
    { id: `row-${series.id}`, class: isOpen ? "open" : undefined },
    element(
      "th",
      { scope: "row" },
      element(
        "a",
        {
          href: `${linkTo(query, { series: series.id })}#detail`,
          "aria-current": isOpen ? "true" : undefined,
        },
        nameOf(series.metric),
      ),
      labelsOf(series, query),
      " ",
      processOf(series),
    ),
    element("td", { class: "numbers strong" }, valueText(series, series.value)),
    element("td", { class: "spark" }, sparkline(series)),
    element("td", {}, ...forecastCell(series, context)),
    element("td", { class: "numbers" }, limitText(series, context)),
  );
}

/** The labels of a series. Each is a link that selects the series that have it too. */
export function labelsOf({ labels }: SeriesStatus, query: PageQuery): Child {
  const pairs = Object.entries(labels);
  if (pairs.length === 0) return undefined;
  const rest = pairs.length - MOST_LABELS;
  return element(
    "span",
    { class: "labels" },
    pairs.slice(0, MOST_LABELS).map(([name, value]) => {
      const change = { match: "", search: "", page: 1, ...selecting(name, value) };
      return element("a", { class: "label", href: linkTo(query, change) }, nameOf(`${name}=${value}`));
    }),
    rest > 0 && element("span", { class: "quiet" }, `and ${rest} more`),
  );
}

/** Selects the series that have a label. By a long value it is searched, as far as an address has room. */
function selecting(name: string, value: string): Partial<PageQuery> {
  const isPlain = /^[a-zA-Z_]\w*$/.test(name) && name.length + value.length <= LONGEST_SELECTED;
  return isPlain
    ? { match: `{${name}=${JSON.stringify(value)}}` }
    : { search: value.slice(0, LONGEST_SELECTED) };
}

function pages(query: PageQuery, selected: number): ViewElement | undefined {
  const last = Math.ceil(selected / PAGE_LENGTH);
  if (last <= 1) return undefined;
  const link = (page: number, text: string): Child =>
    page < 1 || page > last
      ? element("span", { class: "quiet" }, text)
      : element("a", { href: linkTo(query, { page }) }, text);
  return element(
    "nav",
    { class: "pages", "aria-label": "Pages of series" },
    link(query.page - 1, "← Previous"),
    element("span", { class: "numbers" }, `Page ${query.page} of ${last}`),
    link(query.page + 1, "Next →"),
  );
}
