import { describe, expect, it } from "vitest";
import type { GridSeries, Untested } from "../../../../src/commands/backtest/input/grid-series.ts";
import { htmlReport } from "../../../../src/commands/backtest/report/html-report.ts";
import { remarksOn, summaryOf } from "../../../../src/commands/backtest/report/remarks.ts";
import { type BacktestReport, runBacktest } from "../../../../src/commands/backtest/run-backtest.ts";

const surroundings = { now: () => 0, advanced: () => {}, pause: async () => {} };

function series(id: string, more: Partial<GridSeries> = {}): GridSeries {
  const values = Float64Array.from({ length: 120 }, (_, index) => 50 + 10 * Math.sin(index / 4));
  return { id, values, stepSeconds: 60, endMillis: Date.UTC(2026, 0, 1, 2), ...more };
}

function reportOn(
  tested: readonly GridSeries[],
  untested: readonly Untested[] = [],
  notes: readonly string[] = [],
): Promise<BacktestReport> {
  const options = { horizons: [{ steps: 3 }], origins: 2, window: 40, methods: ["naive"], bounds: {} };
  return runBacktest({ series: tested, untested, notes }, options, surroundings);
}

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `s${index}`);

describe("the remarks on a report", () => {
  it("are none when there is nothing to remark", async () => {
    expect(remarksOn(await reportOn([series("a")]))).toEqual([]);
  });

  it.each([
    [1, []],
    [5, []],
    [6, ["not tested: 1 more series"]],
    [8, ["not tested: 3 more series"]],
  ])("name at most five of %d series that are not tested, and count the others", async (count, last) => {
    const untested = many(count).map((id) => ({ id, reason: "odd" }));
    expect(remarksOn(await reportOn([series("a")], untested))).toEqual([
      ...many(Math.min(5, count)).map((id) => `not tested: ${id}: odd`),
      ...last,
    ]);
  });

  it("have what was said about the input, and about months", async () => {
    const monthly = series("m", {
      stepSeconds: 2_629_746,
      stepMonths: 1,
      season: 12,
      endMillis: Date.UTC(2025, 11),
    });
    const report = await reportOn([monthly], [], ["times were read as YYYYMM"]);
    expect(remarksOn(report)).toEqual([
      "times were read as YYYYMM",
      "a step is a calendar month: models see steps of equal length, although months differ",
    ]);
    expect(summaryOf(report)).toBe(
      "1 series every 1 month from 2016-01 to 2025-12 UTC, 2 origins, 1 method, a past of 40 points at each origin",
    );
  });

  it.each([
    [1, ""],
    [2, "s0, s1: "],
    [3, "s0, s1, s2: "],
    [4, "4 series: "],
  ])("have a remark that %d series share once", async (count, names) => {
    const months = { stepSeconds: 2_629_746, stepMonths: 1, season: 12, endMillis: Date.UTC(2025, 11) };
    const shared = many(count).map((id) => series(id, months));
    const own = count === 1 ? [] : [series("other")];
    expect(remarksOn(await reportOn([...shared, ...own]))).toEqual([
      `${names}a step is a calendar month: models see steps of equal length, although months differ`,
    ]);
  });

  it("name quarters and years", async () => {
    const more = { season: 4, endMillis: Date.UTC(2026, 0) };
    const every = async (stepMonths: number): Promise<string> =>
      summaryOf(await reportOn([series("m", { ...more, stepSeconds: stepMonths * 2_629_746, stepMonths })]));
    expect(await every(3)).toMatch(/^1 series every 3 months from 1996-04 to 2026-01 UTC/);
    expect(await every(12)).toMatch(/^1 series every 1 year from 1907-01 to 2026-01 UTC/);
  });

  it("sum up what was tested", async () => {
    const range = "every 1 min from 2026-01-01 00:01 to 2026-01-01 02:00 UTC";
    expect(summaryOf(await reportOn([series("a"), series("b")]))).toBe(
      `2 series ${range}, 2 origins each, 1 method, a past of 40 points at each origin`,
    );
    expect(summaryOf(await reportOn([series("a"), series("b", { stepSeconds: 3600 })]))).toMatch(
      /^2 series, 2 origins each,/,
    );
  });
});

describe("the pictures of a report", () => {
  const options = { horizons: [{ steps: 3 }], origins: 6, window: 40, methods: ["auto"], bounds: {} };

  it.each([
    [1, undefined],
    [20, undefined],
    [21, "1 more series are in the tables and not drawn."],
    [23, "3 more series are in the tables and not drawn."],
  ])("are of at most 20 of %d series, and a note counts the others", async (count, note) => {
    const html = htmlReport(await reportOn(many(count).map((id) => series(id))), "x.csv");
    expect(html.match(/<section>/g)).toHaveLength(Math.min(20, count));
    expect(new Set(html.match(/<small>every [^<]*/g))).toEqual(new Set(["<small>every 1 min"]));
    expect(html.match(/[^>]*more series[^<]*/g) ?? []).toEqual(note === undefined ? [] : [note]);
  });

  it("show forecasts of several origins, the latest first, with what came above the forecast", async () => {
    const html = htmlReport(
      await runBacktest({ series: [series("a")], untested: [], notes: [] }, options, surroundings),
      "x.csv",
    );
    const captions = [...html.matchAll(/<figcaption>(origin \d of 6, [^:<]*:\d\d)/g)].map(([, text]) => text);
    expect(captions.slice(0, 4)).toEqual([
      "origin 6 of 6, 2026-01-01 01:57",
      "origin 4 of 6, 2026-01-01 01:26",
      "origin 3 of 6, 2026-01-01 01:11",
      "origin 1 of 6, 2026-01-01 00:40",
    ]);
    for (const picture of html.match(/<svg[\s\S]*?<\/svg>/g) ?? []) {
      expect(picture.indexOf('class="came"')).toBeGreaterThan(picture.indexOf('class="forecast"'));
      // The last value before the origin and the three after it.
      expect(/class="came" d="([^"]*)"/.exec(picture)?.[1]?.match(/[ML]/g)).toHaveLength(4);
    }
  });

  it("begin after the verdict and an explanation of origins, and nothing is wider than a phone", async () => {
    const html = htmlReport(await reportOn([series("a")]), "x.csv");
    const order = ['class="verdict"', "An origin is a point in the past", "<table", "<svg"].map((part) =>
      html.indexOf(part),
    );
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(order[0]).toBeGreaterThan(0);
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(html.match(/<table/g)).toHaveLength((html.match(/<div class="scroll"><table/g) ?? []).length);
  });

  it("explain each number of the tables, those that only a wide screen shows as well", async () => {
    const html = htmlReport(await reportOn([series("a")]), "x.csv");
    const terms = [...html.matchAll(/<dt( class="extra")?>([^<]*)<\/dt><dd(?: class="extra")?>[^<]/g)];
    expect(terms.map(([, extra, name]) => `${name}${extra === undefined ? "" : ", if wide"}`)).toEqual([
      ...["MASE", "vs naive", "sMAPE %, if wide", "quantile loss, if wide"],
      ...["in 80 %", "in 95 %, if wide", "ms, if wide"],
    ]);
  });

  it("label times by their number where a series has none", async () => {
    const { endMillis: _, ...timeless } = series("a");
    const report = await reportOn([timeless]);
    expect(summaryOf(report)).toMatch(/^1 series every 1 min, 2 origins/);
    expect(htmlReport(report, "x.csv")).toContain("<span>step<br>119</span>");
  });
});
