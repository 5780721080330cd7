import { describe, expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import type { WindowedFraction, WindowedNumber, WindowSpan } from "../../src/core/windowed-number.ts";
import { EVER, HistogramWindow, type WindowChange } from "../../src/statistics/histogram-window.ts";
import { SumWindow } from "../../src/statistics/sliding-window.ts";
import type { ViewOutput } from "../../src/views/forecast-view.ts";
import { resolveOutput } from "../../src/views/resolved-output.ts";
import { type OutputWindows, SpanOfCounts, windowOf } from "../../src/views/window-of.ts";

const SLICES = 4;
const metric: MeasuredMetric = {
  scope: "shop",
  name: "wait",
  unit: "s",
  description: "",
  kind: "histogram",
  points: [],
};
const span: WindowSpan = {
  coveredSeconds: 30,
  fullSeconds: 40,
  ahead: (seconds) => ({ begunSlices: seconds / 10, coveredSeconds: 40, comingSeconds: seconds }),
};

/** A window with a sum in each slice, the oldest first. */
function sums(...slices: number[]): SumWindow {
  const window = new SumWindow({ slices: SLICES });
  for (const [index, sum] of slices.entries()) {
    if (index > 0) window.advance();
    window.add(sum);
  }
  return window;
}

const nothing: OutputWindows = {
  slices: SLICES,
  counted: undefined,
  count: undefined,
  levels: undefined,
  durations: undefined,
  countedEver: () => 0,
  countEver: () => 0,
  sumEver: () => 0,
};

function of(spec: Pick<ViewOutput, "number" | "quantile">, windows: Partial<OutputWindows>) {
  const output: ViewOutput = { name: "wait", isPublished: false, isForecast: true, ...spec };
  const view = { instruments: ["wait"], by: [], outputs: [output] };
  return windowOf(resolveOutput(view, 0, output, metric), { ...nothing, ...windows }, span);
}

function fraction(window: WindowedNumber | undefined): WindowedFraction {
  if (window === undefined || window.kind === "quantile") throw new Error("no fraction");
  return window;
}

/** Writes down what it is asked. */
class AskedWindow extends HistogramWindow {
  readonly asked: unknown[] = [];

  override quantileAfter(share: number, change: WindowChange): number {
    this.asked.push([share, change]);
    return 7;
  }

  override sumOfNewest(count: number): number {
    return 100 * count;
  }
}

describe("the window of a rate", () => {
  it("counts the points that match, since the start and in the slices that stay", () => {
    const window = fraction(of({ number: "rate" }, { counted: sums(1, 2, 4, 8), countedEver: () => 99 }));
    expect([window.kind, window.span]).toEqual(["rate", span]);
    expect(window.counted()).toEqual({ part: 99, whole: 0 });
    expect(window.knownAfter(0)).toEqual({ part: 15, whole: 0 });
    expect(window.knownAfter(1)).toEqual({ part: 14, whole: 0 });
    expect(window.knownAfter(9)).toEqual({ part: 0, whole: 0 });
  });

  it("is 0 before anything is counted", () => {
    expect(fraction(of({ number: "rate" }, {})).knownAfter(0)).toEqual({ part: 0, whole: 0 });
  });
});

describe("the window of a ratio", () => {
  it("counts the points that match, and all", () => {
    const counts = { counted: sums(1, 0, 1, 0), count: sums(2, 2, 3, 4) };
    const window = fraction(
      of({ number: "ratio" }, { ...counts, countedEver: () => 5, countEver: () => 50 }),
    );
    expect([window.kind, window.span]).toEqual(["ratio", span]);
    expect(window.counted()).toEqual({ part: 5, whole: 50 });
    expect(window.knownAfter(1)).toEqual({ part: 1, whole: 9 });
  });
});

describe("the window of a mean", () => {
  it("sums the values of levels", () => {
    const windows = { levels: sums(10, 20, 30, 40), count: sums(1, 1, 2, 2) };
    const window = fraction(of({ number: "mean" }, { ...windows, sumEver: () => 500, countEver: () => 50 }));
    expect([window.kind, window.span]).toEqual(["ratio", span]);
    expect(window.counted()).toEqual({ part: 500, whole: 50 });
    expect(window.knownAfter(2)).toEqual({ part: 70, whole: 4 });
  });

  it("sums the values of a histogram", () => {
    const durations = new AskedWindow({ slices: SLICES });
    const window = fraction(of({ number: "mean" }, { durations, count: sums(1, 1, 2, 2) }));
    expect(window.knownAfter(1)).toEqual({ part: 300, whole: 5 });
  });
});

describe("the window of a quantile", () => {
  it("asks for what is known, and what the coming values are like", () => {
    const durations = new AskedWindow({ slices: SLICES });
    const window = of({ number: "quantile", quantile: 0.9 }, { durations });
    if (window?.kind !== "quantile") throw new Error("no quantile");
    expect([window.share, window.count(), window.span]).toEqual([0.9, 0, span]);
    expect(window.quantileAfter(0.8, 1, 5, 0.5)).toBe(7);
    window.quantileAfter(0.8, 9, 5, 0.01);
    window.quantileAfter(0.8, 0, 5, "ever");
    expect(durations.asked).toEqual([
      [0.8, { known: 3, coming: 5, like: 2 }],
      [0.8, { known: 0, coming: 5, like: 1 }],
      [0.8, { known: 4, coming: 5, like: EVER }],
    ]);
  });

  it("is the median by default, and is not there without a histogram", () => {
    const durations = new HistogramWindow({ slices: SLICES });
    expect(of({ number: "quantile" }, { durations })).toMatchObject({ share: 0.5 });
    expect(of({ number: "quantile" }, {})).toBeUndefined();
  });
});

it("a level and a total have no window", () => {
  expect([of({ number: "level" }, {}), of({ number: "total" }, {})]).toEqual([undefined, undefined]);
});

it("the window of counts covers the time for which they are known, now and later", () => {
  const shorter = new SpanOfCounts(span, {
    countedSeconds: (covered, later) => covered - 20 + later / 10,
  });
  expect([shorter.coveredSeconds, shorter.fullSeconds]).toEqual([10, 40]);
  expect(shorter.ahead(50)).toEqual({ begunSlices: 5, coveredSeconds: 25, comingSeconds: 50 });
});
