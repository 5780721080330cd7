import { expect, it } from "vitest";
import type { PageData, ShownAlert } from "../../../src/page/view/page-data.ts";
import { parseQuery } from "../../../src/page/view/page-query.ts";
import { pageView } from "../../../src/page/view/page-view.ts";
import { UTC_TIMES } from "../../../src/page/view/texts.ts";
import type { ViewNode } from "../../../src/page/view/view-node.ts";
import type { SeriesDetail, SeriesStatus } from "../../../src/status/answers.ts";

const NOW = Date.UTC(2026, 4, 17, 12, 0, 0);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A view as text: a line for each element with its attributes, and for each text. */
function linesOf(node: ViewNode, depth = 0): string[] {
  const indent = "  ".repeat(depth);
  if (typeof node === "string") return [`${indent}${JSON.stringify(node)}`];
  const attributes = Object.entries(node.attributes).map(
    ([name, value]) => ` ${name}=${JSON.stringify(value)}`,
  );
  // Pictures have tests of their own.
  const children = node.tag === "svg" && !attributes.join().includes("key") ? [] : node.children;
  return [
    `${indent}${node.tag}${attributes.join("")}`,
    ...children.flatMap((child) => linesOf(child, depth + 1)),
  ];
}

function shown(data: PageData, query = ""): string {
  const views = pageView(data, parseQuery(query), UTC_TIMES);
  return views.flatMap((view) => linesOf(view)).join("\n");
}

function series(id: string, more: Partial<SeriesStatus> = {}): SeriesStatus {
  const metric = `ai_${id}`;
  return { id, metric, labels: {}, unit: "", state: "ready", at: NOW, value: 1.5, horizons: [], ...more };
}

const horizon = (name: string, after: number, predicted: number) => ({
  horizon: name,
  at: NOW + after,
  predicted,
  lower: predicted - 0.5,
  upper: predicted + 0.5,
});
const horizons = [horizon("5m", 5 * MINUTE, 2), horizon("1h", 60 * MINUTE, 3)];
const above = (value: number) => ({ threshold: { direction: "above" as const, value } });

const nothing: PageData = {
  now: NOW,
  service: "shop",
  headline: { text: "There are no forecasts yet.", tone: "waiting" },
  alerts: [],
  agents: [],
  hasMoreAgents: false,
  list: { now: NOW, series: 0, selected: 0, forecasts: [] },
};

const alert = (state: string, more: Partial<ShownAlert> = {}): ShownAlert => ({
  name: "Full",
  state,
  since: NOW - 90 * SECOND,
  severity: "",
  metricName: "disk_percent",
  unit: "%",
  labels: {},
  current: 91.25,
  threshold: { direction: "above", value: 90 },
  summary: "The disk is full.",
  ...more,
});

const detail: SeriesDetail = {
  ...series("queue", {
    labels: { queue: "orders" },
    ...above(9),
    secondsToThreshold: 90,
    trend: "increasing",
  }),
  horizons,
  recommendation: "Add a worker.",
  past: {
    stepSeconds: 10,
    endsAt: NOW,
    values: Array.from({ length: 25 }, (_, index) => (index === 3 ? null : index)),
  },
  path: Array.from({ length: 13 }, (_, index) => ({
    at: NOW + (index + 1) * MINUTE,
    predicted: 25 + index,
    lower: 24 + index,
    upper: 26 + index,
  })),
  before: ["5m", "1h"].map((name) => ({ horizon: name, forecasts: [] })),
  quality: [
    { horizon: "5m", method: "damped-holt", errorVersusNaive: 0.994, errorRatio: 1.006, coverage: 0.814 },
    { horizon: "1h", method: "mean", errorVersusNaive: 1.004, errorRatio: 0.996 },
    { horizon: "2h", method: "mean", errorVersusNaive: Number.NaN },
  ],
};

it("a page on which nothing has happened yet says so", () => {
  expect(shown(nothing)).toMatchSnapshot();
});

it("a page on which everything happens shows it in the order of a person's questions", () => {
  const data: PageData = {
    ...nothing,
    headline: {
      text: "The queue will be full.",
      tone: "ahead",
      at: NOW + 90 * SECOND,
      series: "queue",
      recommendation: "Add a worker.",
    },
    alerts: [
      alert("firing", { severity: "page", process: "worker 2", runbookUrl: "HTTPS://books.example/full" }),
      alert("pending", { runbookUrl: "javascript:alert(1)" }),
      alert("resolved", { runbookUrl: "x http://books.example" }),
      alert("unheard of"),
    ],
    agents: [
      {
        name: "planner",
        process: "worker 1",
        tasks: { completed: 1234, failed: 5, active: 2 },
        series: [
          series("task_success_rate", { horizons, ...above(9), secondsToThreshold: 0 }),
          series("other", { value: undefined as never }),
        ],
      },
      { name: "idle", tasks: { completed: 0, failed: 0, active: 0 }, series: [] },
      { name: "spans", series: [] },
    ],
    hasMoreAgents: true,
    list: {
      now: NOW,
      series: 120,
      selected: 57,
      processes: { others: 2, silent: 1 },
      forecasts: [
        series("queue", { horizons, trend: "increasing", labels: { queue: "orders" }, process: "worker 2" }),
        series("falling", { horizons, trend: "decreasing", ...above(9) }),
        series("steady", { horizons, trend: "stable", ...above(9), secondsToThreshold: 0.4 }),
        series("silent", {
          horizons,
          state: "silent",
          at: NOW - MINUTE,
          ...above(9),
          secondsToThreshold: 120,
        }),
        series("total", { horizons: [horizon("midnight", 720 * MINUTE, 4), ...horizons] }),
        series("failed", { state: "failed" }),
        series("young", { state: "warming-up", missingPoints: 3 }),
        series("nearly", { state: "warming-up", missingPoints: 1 }),
      ],
    },
    detail,
    problem: "The selector ends too early.",
  };
  expect(shown(data, "search=a&match={&page=2&sort=name")).toMatchSnapshot();
});

it.each<[PageData["headline"], string[]]>([
  [{ text: "It is full.", tone: "trouble", at: NOW }, ['"▲"', '" Now"']],
  [
    { text: "It will be full.", tone: "ahead", at: NOW + 1 },
    ['"◆"', '" Ahead"', '" · "', '"12:00 UTC"', '" "', '"(now)"'],
  ],
  [{ text: "It will be full.", tone: "ahead" }, ['"◆"', '" Ahead"']],
  [{ text: "All is well.", tone: "calm", at: NOW - 1 }, ['"●"', '" Calm"']],
])("the headline %j says %j first", (headline, texts) => {
  const [view] = pageView({ ...nothing, headline }, parseQuery(""), UTC_TIMES);
  const tone = typeof view === "object" ? (view.children[0] as ViewNode) : "";
  expect(
    linesOf(tone)
      .map((line) => line.trim())
      .filter((line) => line.startsWith('"')),
  ).toEqual(texts);
});

/** The text of the list, of which the page has so many. */
function listText(list: Partial<PageData["list"]>, count: number, query = ""): string {
  const forecasts = Array.from({ length: count }, (_, index) => series(`${index}`));
  const text = shown(
    { ...nothing, list: { ...nothing.list, series: 70, selected: 70, ...list, forecasts } },
    query,
  );
  return text.slice(text.indexOf("series-count"));
}

it.each([
  [{}, 50, "", "1 to 50 of 70 series."],
  [{}, 20, "page=2", "51 to 70 of 70 series."],
  [{ selected: 3 }, 3, "search=a", "1 to 3 of 3 series, selected from 70."],
  [{ selected: 0 }, 0, "search=a", "No series of 70."],
  [{ processes: { others: 1, silent: 0 } }, 50, "", "Those of 1 other process or thread are included."],
  [{ processes: { others: 3, silent: 0 } }, 50, "", "Those of 3 other processes and threads are included."],
])("of the list %j with %i series at %j it says: %s", (list, count, query, text) => {
  expect(listText(list, count, query)).toContain(text);
  expect(listText(list, count, query).includes("did not answer")).toBe(false);
});

it.each([
  ["", false],
  ["series=queue&sort=name", false],
  ["search=a&page=2", true],
  ["match=%7Ba%3D%22b%22%7D&page=2", true],
])("a page of the query %j has a link that clears the search: %s", (query, isThere) => {
  expect(shown(nothing, query).includes('"Clear"')).toBe(isThere);
  expect(shown(nothing, query).includes('a href="./"')).toBe(isThere);
});

it.each([0, 1])("with %i series has a table if there is one", (count) => {
  expect(listText({}, count).includes('id="row-0"')).toBe(count === 1);
  expect(listText({}, count).includes("Past and forecast")).toBe(count === 1);
});

it.each([
  [{ completed: 1, failed: 0, active: 0 }, "1 completed, 0 failed, 0 active"],
  [{ completed: 0, failed: 2, active: 0 }, "0 completed, 2 failed, 0 active"],
  [{ completed: 0, failed: 0, active: 1 }, "0 completed, 0 failed, 1 active"],
])("an agent with the tasks %j has worked", (tasks, text) => {
  expect(shown({ ...nothing, agents: [{ name: "planner", tasks, series: [] }] })).toContain(text);
});

it.each([
  [50, "", []],
  [51, "", ["span:← Previous", "span:Page 1 of 2", "a:Next →"]],
  [101, "page=2", ["a:← Previous", "span:Page 2 of 3", "a:Next →"]],
  [101, "page=3", ["a:← Previous", "span:Page 3 of 3", "span:Next →"]],
  [101, "page=4", ["a:← Previous", "span:Page 4 of 3", "span:Next →"]],
  [101, "page=5", ["span:← Previous", "span:Page 5 of 3", "span:Next →"]],
])("of %i series at %j the pages are %j", (selected, query, links) => {
  const text = listText({ selected }, 1, query);
  const nav = text.slice(text.indexOf("nav class")).split("\n");
  const found = nav.flatMap((line, index) => {
    const tag = /^\s+(a|span)\b/.exec(line)?.[1];
    return tag === undefined || !text.includes("nav class")
      ? []
      : [`${tag}:${JSON.parse(nav[index + 1] ?? '""')}`];
  });
  expect(found).toEqual(links);
});

it.each([
  [1, [1]],
  [12, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  [13, [1, 3, 5, 7, 9, 11, 13]],
  [25, [1, 4, 7, 10, 13, 16, 19, 22, 25]],
])("of %i values the table behind a chart has %j", (count, kept) => {
  const values = Array.from({ length: count }, (_, index) => index + 1);
  const past = { stepSeconds: 1, endsAt: NOW, values };
  const text = shown({ ...nothing, detail: { ...detail, past, path: [], quality: [] } });
  const table = text.slice(text.indexOf("Numbers of the chart"), text.indexOf("Why this forecast?"));
  const rows = table.split(/^ +th scope="row"$/m).slice(1);
  expect(rows.map((row) => Number(JSON.parse(row.trim().split("\n")[2]?.trim() ?? "0")))).toEqual(kept);
});

it.each<[Partial<SeriesDetail>, string]>([
  [{ state: "failed" }, "No model could be fitted to this series."],
  [{ state: "warming-up", missingPoints: 4 }, "The series has too few samples: 4 are missing."],
  [{ state: "warming-up" }, "The series has too few samples: 0 are missing."],
])("without a model the open series with %j says: %s", (more, text) => {
  const { threshold: _, recommendation: __, ...plain } = detail;
  const page = shown({ ...nothing, detail: { ...plain, ...more, quality: [], before: [] } });
  expect(page).toContain(text);
  expect(page).toContain("24 of 25 values of the chart are known, one every 10 s. ");
  expect(page).not.toMatch(/threshold \(long dashes\)|before \(dotted\)|class="advice"/);
});
