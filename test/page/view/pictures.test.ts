import { describe, expect, it } from "vitest";
import { sparkline, stillChart } from "../../../src/page/view/plot.ts";
import type { ViewElement } from "../../../src/page/view/view-node.ts";
import type { SeriesDetail, SeriesStatus } from "../../../src/status/answers.ts";

/** The lines of a picture by their names. */
function linesOf({ children }: ViewElement): Record<string, string> {
  const parts = children.filter((child) => typeof child === "object");
  return Object.fromEntries(
    parts.map(({ attributes: { class: name = "", d, x1, y1, x2, y2 } }) => [
      name,
      d ?? `${x1},${y1} ${x2},${y2}`,
    ]),
  );
}

const status: SeriesStatus = { id: "a", metric: "m", labels: {}, unit: "", state: "ready", horizons: [] };
const recent = (...values: (number | null)[]) => ({ stepSeconds: 10, endsAt: 0, values });
const above = (value: number) => ({ threshold: { direction: "above" as const, value } });
const ahead = (at: number, predicted: number, lower = predicted, upper = predicted) => ({
  ...{ horizon: `${at}`, at, predicted, lower, upper },
});

describe("a sparkline", () => {
  const picture = (more: Partial<SeriesStatus>) => linesOf(sparkline({ ...status, ...more }));

  it("is a picture of 132 by 30 that says nothing to a screen reader", () => {
    expect(sparkline(status)).toEqual({
      tag: "svg",
      attributes: {
        class: "plot",
        viewBox: "0 0 132 30",
        preserveAspectRatio: "none",
        "aria-hidden": "true",
      },
      children: [],
    });
  });

  it("has the past in its first 60 %, with gaps where there are no values", () => {
    expect(picture({ recent: recent(0, 5, null, null, 10, 0) })).toEqual({
      observed: "M0,28L15.8,15M63.4,2L79.2,28",
    });
    expect(picture({ recent: recent(null, 0, 10) })).toEqual({ observed: "M39.6,28L79.2,2" });
  });

  it("has a single value, and values that do not change, at half its height", () => {
    expect(picture({ recent: recent(7) })).toEqual({ observed: "M0,15" });
    expect(picture({ recent: recent(0, 0) })).toEqual({ observed: "M0,15L79.2,15" });
  });

  it("has the forecasts in the rest, with their interval, from the newest value on", () => {
    expect(picture({ value: 2, horizons: [ahead(100, 4, 0, 8), ahead(200, 6, 2, 10)] })).toEqual({
      band: "M79.2,22.8L96.8,7.2L132,2L132,22.8L96.8,28L79.2,22.8Z",
      present: "79.2,0 79.2,30",
      predicted: "M79.2,22.8L96.8,17.6L132,12.4",
    });
    expect(picture({ value: 2, horizons: [ahead(100, 4)] }).predicted).toBe("M79.2,28L132,2");
    expect(picture({ horizons: [ahead(100, 4)] })).toEqual({});
  });

  it("has its forecasts at places of their time", () => {
    const horizons = [ahead(400, 0), ahead(100, 0), ahead(200, 0), ahead(1e12, 0)].map((one, index) =>
      index === 3 ? { ...one, at: 500 } : one,
    );
    const places = Array.from(
      picture({ value: 0, horizons }).predicted?.matchAll(/([\d.]+),/g) ?? [],
      ([, x]) => Number(x),
    );
    expect(places).toEqual([79.2, 96.8, 105.6, 123.2, 132]);
    expect(picture({ value: 0, horizons: [ahead(5, 0), ahead(5, 0)] }).predicted).toBe(
      "M79.2,15L96.8,15L132,15",
    );
  });

  it.each<[number, Record<string, string>]>([
    [5, { limit: "0,15 132,15", observed: "M0,28L79.2,2" }],
    [20, { limit: "0,2 132,2", observed: "M0,28L79.2,15" }],
    [30, { limit: "0,2 132,2", observed: "M0,28L79.2,19.3" }],
    [30.1, { observed: "M0,28L79.2,2" }],
    [-20, { limit: "0,28 132,28", observed: "M0,10.7L79.2,2" }],
    [-20.1, { observed: "M0,28L79.2,2" }],
  ])("of values from 0 to 10 shows a threshold of %d if it is near", (limit, lines) => {
    expect(picture({ recent: recent(0, 10), ...above(limit) })).toEqual(lines);
  });

  it.each<[number, number, Record<string, string>]>([
    [5, 15, { limit: "0,2 132,2", observed: "M0,28L79.2,28" }],
    [5, 15.1, { observed: "M0,15L79.2,15" }],
    [0, 2, { limit: "0,2 132,2", observed: "M0,28L79.2,28" }],
    [0, 2.1, { observed: "M0,15L79.2,15" }],
    [-5, -15, { limit: "0,28 132,28", observed: "M0,2L79.2,2" }],
  ])("of values that are all %d shows a threshold of %d if it is near", (value, limit, lines) => {
    expect(picture({ recent: recent(value, value), ...above(limit) })).toEqual(lines);
  });

  it("without values has no threshold", () => {
    expect(picture(above(5))).toEqual({});
  });
});

describe("a still chart", () => {
  const detail: SeriesDetail = {
    ...{ ...status, at: 100_000, past: { stepSeconds: 10, endsAt: 100_000, values: [0, null, 10] } },
    ...{ path: [], quality: [], before: [] },
  };
  const picture = (more: Partial<SeriesDetail>) => linesOf(stillChart({ ...detail, ...more }));

  it("has one scale of time, from the first value to the last forecast", () => {
    expect(stillChart(detail).attributes.viewBox).toBe("0 0 800 240");
    const path = [
      { at: 110_000, predicted: 5, lower: 0, upper: 10 },
      { at: 120_000, predicted: 10, lower: 5, upper: 10 },
    ];
    expect(picture({ path, ...above(5) })).toEqual({
      band: "M600,2L800,2L800,120L600,238Z",
      limit: "0,120 800,120",
      present: "400,0 400,240",
      observed: "M0,238M400,2",
      predicted: "M600,120L800,2",
    });
  });

  it("ends with the past if there is no forecast, or if the newest value is older", () => {
    expect(picture({})).toEqual({ observed: "M0,238M800,2" });
    expect(picture({ at: 120_000 })).toEqual({ observed: "M0,238M400,2" });
    expect(picture({ at: 0 })).toEqual({ observed: "M0,238M800,2" });
    const { at: _, ...timeless } = detail;
    expect(linesOf(stillChart(timeless))).toEqual({ observed: "M0,238M800,2" });
  });

  it("of one value has it at the left", () => {
    expect(picture({ past: { stepSeconds: 10, endsAt: 100_000, values: [3] } })).toEqual({
      observed: "M0,120",
    });
  });
});
