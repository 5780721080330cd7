import type { PageData } from "../view/page-data.ts";
import { type PageQuery, parseQuery, queryText } from "../view/page-query.ts";
import { pageView } from "../view/page-view.ts";
import { ChartPlace } from "./chart-place.ts";
import { patchChildren } from "./dom.ts";
import { Live } from "./live.ts";
import { localTimes } from "./times.ts";

/** How long a person pauses before what is typed is searched for. */
const TYPING_MILLIS = 300;

const page = document.querySelector("main") as HTMLElement;
const status = document.querySelector("#status") as HTMLElement;
const chart = new ChartPlace();
let query = parseQuery(location.search);
let typing: ReturnType<typeof setTimeout> | undefined;

const live = new Live({
  received: (data) => show(data),
  changed: (text) => {
    status.textContent = text;
  },
});

function show(data: PageData): void {
  patchChildren(page, pageView(data, query, localTimes));
  document.title = `${data.headline.tone === "trouble" ? "▲ " : ""}${data.service} – otel-forecast`;
  status.textContent = `live · ${localTimes.exact(data.now)}`;
  chart.show(data.detail, data.now);
}

/** Shows what another query selects. */
function go(next: PageQuery, isNew: boolean, fragment = ""): void {
  query = next;
  const text = queryText(next);
  const address = `${location.pathname}${text === "" ? "" : `?${text}`}${fragment}`;
  if (isNew) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  live.watch(text);
}

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest("a");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  const href = link?.getAttribute("href") ?? "";
  if (!isPlain || !/^(\?|\.\/$)/.test(href)) return;
  event.preventDefault();
  const { search, hash } = new URL(href, location.href);
  go(parseQuery(search), true, hash);
  setFields();
  if (hash !== "") chart.scrollWhenShown();
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  goToFields(true);
});

document.addEventListener("input", (event) => {
  if ((event.target as Element).closest("form.filters") === null) return;
  clearTimeout(typing);
  typing = setTimeout(() => goToFields(false), TYPING_MILLIS);
});

addEventListener("popstate", () => {
  query = parseQuery(location.search);
  setFields();
  live.watch(queryText(query));
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) live.pause();
  else live.watch(queryText(query));
});

function goToFields(isNew: boolean): void {
  clearTimeout(typing);
  const form = document.querySelector<HTMLFormElement>("form.filters");
  if (form === null) return;
  const fields = new FormData(form);
  const text = (name: string): string => String(fields.get(name) ?? "");
  const next = parseQuery(
    new URLSearchParams({
      search: text("search"),
      match: text("match"),
      sort: text("sort"),
      series: query.series,
    }).toString(),
  );
  if (queryText(next) !== queryText({ ...query, page: 1 }) || isNew) go(next, isNew);
}

/** Writes the query into the form. Attributes do not change what a person has typed. */
function setFields(): void {
  for (const name of ["search", "match", "sort"] as const) {
    const field = document.querySelector<HTMLInputElement>(`form.filters [name=${name}]`);
    if (field !== null) field.value = query[name];
  }
}

live.watch(queryText(query));
