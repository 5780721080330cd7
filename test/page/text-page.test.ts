import { expect, it } from "vitest";
import { textOf } from "../../src/page/text-page.ts";
import type { PageData } from "../../src/page/view/page-data.ts";
import { parseQuery } from "../../src/page/view/page-query.ts";

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
