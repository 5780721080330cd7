import { expect, it } from "vitest";
import { textOf } from "../../src/page/text-page.ts";
import type { PageData } from "../../src/page/view/page-data.ts";
import { parseQuery } from "../../src/page/view/page-query.ts";
import type { SeriesStatus } from "../../src/status/answers.ts";

/** What the text says of further series: the page shows so many of 120. */
function moreAt(address: string, shown: number): string[] {
  const series = {
    id: "a",
    metric: "queue",
    labels: {},
    unit: "",
    state: "warming-up",
    horizons: [],
  } as const;
  const data: PageData = {
    now: 0,
    service: "shop",
    headline: { text: "There are no forecasts yet.", tone: "waiting" },
    alerts: [],
    agents: [],
    hasMoreAgents: false,
    list: { now: 0, series: 120, selected: 120, forecasts: Array.from({ length: shown }, () => series) },
  };
  const lines = textOf(data, parseQuery(address)).split("\n");
  return lines.filter((line) => line.includes("more series"));
}

it("names the next page and how many series come after this one", () => {
  expect(moreAt("", 50)).toEqual(["70 more series: use ?page=2 or ?match="]);
  expect(moreAt("search=queue&page=2", 50)).toEqual(["20 more series: use ?search=queue&page=3 or ?match="]);
  expect(moreAt("page=3", 20)).toEqual([]);
  expect(moreAt("page=9", 0)).toEqual([]);
});

const listed: SeriesStatus = {
  ...{ id: "a", metric: "queue", labels: { queue: "orders" }, unit: "", state: "ready", value: 1.5 },
  horizons: [
    { horizon: "5m", at: 0, predicted: 2, lower: 1, upper: 3 },
    { horizon: "1h", at: 0, predicted: 4, lower: 3, upper: 5 },
  ],
};
const midnight = { horizon: "midnight", at: 0, predicted: 9, lower: 8, upper: 10 };

it("is a table of the series between the sentence with the alerts and the addresses of more", () => {
  const alert = { name: "a", since: 0, severity: "", metricName: "queue", unit: "", labels: {}, current: 1 };
  const threshold = { direction: "above" as const, value: 9 };
  const data: PageData = {
    now: Date.UTC(2026, 4, 17, 12, 5, 9),
    service: "sh\u0007op",
    headline: { text: "The queue\nwill be full.", tone: "ahead" },
    alerts: [
      { ...alert, threshold, state: "firing", summary: "The queue is full." },
      { ...alert, threshold, state: "pending", summary: "The queue\nis full.", process: "worker 2" },
    ],
    agents: [],
    hasMoreAgents: false,
    problem: "The selector\nends too early.",
    list: {
      ...{ now: 0, series: 5, selected: 5 },
      forecasts: [
        { ...listed, threshold },
        { ...listed, horizons: [...listed.horizons, midnight] },
        { ...listed, labels: {}, state: "warming-up", horizons: [] },
        { ...listed, labels: { queue: "x".repeat(200) }, process: "worker 2" },
      ],
    },
  };
  expect(textOf(data, parseQuery(""))).toMatchSnapshot();
});
