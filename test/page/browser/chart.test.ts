import { describe, expect, it, vi } from "vitest";
import type { SeriesDetail } from "../../../src/status/answers.ts";
import { bench, detail, drawer, StandInPlot, useBench } from "./chart-bench.ts";

vi.mock("uplot", () => ({ default: StandInPlot }));
useBench();

const drawn = await drawer();
const times = [100, 110, 120, 130, 140, 150, 160, 170, 180];

describe("a chart", () => {
  it("has a place that the keyboard reaches and that says what it is", () => {
    drawn();
    expect(bench.place).toMatchObject({
      tabIndex: 0,
      role: "group",
      "aria-label": "Chart. Arrow keys move through its times.",
    });
    expect(bench.given[1]).toBe(bench.place);
  });

  it("has its lines in the order of its data, in the colours of the page", () => {
    drawn();
    const none = Array.from({ length: 5 }, () => undefined);
    expect(bench.given[0]).toEqual([
      times,
      [...none, undefined, undefined, undefined, undefined],
      [...none, 6, 8, 9, 10],
      [...none, 6, 6, 7, 8],
      [1, 2, 3, 4, 5, 6, undefined, undefined, undefined],
      [...none, 6, 7, 8, 9],
    ]);
    expect(bench.options.series.map(({ label, stroke }) => [label, stroke])).toEqual([
      [undefined, undefined],
      ["before", "of--before"],
      ["upper", "transparent"],
      ["lower", "transparent"],
      ["observed", "of--observed"],
      ["forecast", "of--predicted"],
    ]);
    expect(bench.options.axes.map(({ stroke }) => stroke)).toEqual(["of--quiet", "of--quiet"]);
    // How all is drawn, but for functions.
    expect(JSON.parse(JSON.stringify(bench.options))).toMatchSnapshot();
  });

  it.each([
    [559, 220],
    [560, 300],
    [1200, 300],
  ])("that is %i pixels wide is %i high, from the start and after its place has changed", (width, height) => {
    bench.place.clientWidth = width;
    drawn();
    expect(bench.options).toMatchObject({ width, height });
    bench.place.clientWidth = 10;
    bench.resized();
    expect(bench.done).toEqual([
      ["observed", true],
      ["size", { width: 10, height: 220 }],
    ]);
  });

  it("shows newer data, until it is removed", () => {
    const chart = drawn();
    bench.done.splice(0);
    chart.update({ ...detail, path: [] }, 150_000);
    expect(bench.done.splice(0)).toMatchObject([["data", [times.slice(0, 6), {}, {}, {}, {}, {}]]]);
    chart.remove();
    expect(bench.done).toEqual([["disconnected"], ["destroyed"]]);
    expect(bench.happens.has("keydown")).toBe(false);
  });
});

describe("the range of values", () => {
  const rangeOf = (low: number | null, high: number | null, limit?: number): number[] => {
    const threshold = limit === undefined ? {} : { threshold: { value: limit, direction: "above" as const } };
    drawn({ ...detail, ...threshold } as SeriesDetail);
    return bench.options.scales.y.range(null, low, high).map((value) => Number(value.toFixed(6)));
  };

  it.each<[number | null, number | null, number | undefined, number[]]>([
    [10, 20, undefined, [9.4, 20.6]],
    [-20, -10, undefined, [-20.6, -9.4]],
    // From 0, where a margin would show numbers below that do not occur.
    [0, 10, undefined, [0, 10.6]],
    [0.6, 10.6, undefined, [0, 11.2]],
    [0.5, 10.5, undefined, [0, 11.1]],
    [-1, 9, undefined, [-1.6, 9.6]],
    // One value alone, and none.
    [5, 5, undefined, [4.7, 5.3]],
    [-5, -5, undefined, [-5.3, -4.7]],
    [0, 0, undefined, [0, 0.06]],
    [null, null, undefined, [0, 1.06]],
    // A threshold at most two ranges away.
    [10, 20, 15, [9.4, 20.6]],
    [10, 20, 40, [8.2, 41.8]],
    [10, 20, 40.1, [9.4, 20.6]],
    [10, 20, -10, [-11.8, 21.8]],
    [10, 20, -10.1, [9.4, 20.6]],
    [5, 5, 15, [4.4, 15.6]],
    [5, 5, 15.1, [4.7, 5.3]],
    [0, 0, 2, [0, 2.12]],
    [0, 0, 2.1, [0, 0.06]],
  ])("from %s to %s with a threshold of %s is %j", (low, high, limit, range) => {
    expect(rangeOf(low, high, limit)).toEqual(range);
  });
});

describe("the axes", () => {
  it("have values with their unit", () => {
    drawn({ ...detail, unit: "By" });
    expect(bench.options.axes[1]?.values(null, [0, 1500])).toEqual(["0 B", "1.46 KiB"]);
  });

  const DAY = 86_400;
  it.each([
    [0, 300, 60, false],
    [0, 300, 61, true],
    [DAY, 3 * DAY, DAY + 61, true],
    [DAY, 3 * DAY + 1, DAY + 61, false],
  ])("from %i to %i s have at %i s seconds: %s", (first, last, seconds, hasSeconds) => {
    const past = { stepSeconds: last - first, endsAt: last * 1000, values: [1, 2] };
    const { at: _, value: __, ...silent } = detail;
    drawn({ ...silent, past, path: [] });
    expect(bench.options.axes[0]?.values(null, [seconds])).toEqual([
      expect.stringMatching(hasSeconds ? /\d\d:\d\d:\d\d$/ : /(?<!:)\d\d:\d\d$/),
    ]);
  });
});
