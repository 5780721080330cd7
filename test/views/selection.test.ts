import { describe, expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import type { HistogramPoint } from "../../src/core/metric-point.ts";
import type { WindowedFraction, WindowedQuantile, WindowSpan } from "../../src/core/windowed-number.ts";
import type { MeasuredNumber } from "../../src/views/forecast-view.ts";
import type { ResolvedOutput } from "../../src/views/resolved-output.ts";
import { Selection } from "../../src/views/selection.ts";
import type { ViewValue } from "../../src/views/view-value.ts";

const NOW = Date.UTC(2026, 0, 1);
const span: WindowSpan = {
  coveredSeconds: 20,
  fullSeconds: 20,
  ahead: () => ({ begunSlices: 0, coveredSeconds: 20, comingSeconds: 0 }),
};

/** A selection with one output, over two slices. Those with the label `good` count for its part. */
class Selected {
  readonly #selection: Selection;

  constructor(number: MeasuredNumber) {
    const spec = { name: "n", number, isPublished: true, isForecast: true };
    const output = { spec, metric: "n", counts: ({ good }: { good?: string }) => good === "yes" };
    this.#selection = new Selection({}, [output as unknown as ResolvedOutput], 2, NOW);
  }

  take(kind: MeasuredMetric["kind"], value: number | HistogramPoint, good = "yes"): void {
    const metric = { scope: "s", name: "n", unit: "", description: "", kind, points: [] };
    this.#selection.take(metric as MeasuredMetric, { labels: { good }, value }, NOW, NOW);
  }

  advance(): void {
    this.#selection.advance();
  }

  get value() {
    const read: ViewValue[] = [];
    this.#selection.read(span, { wallNow: NOW, freshSince: 0 }, (state) => read.push(state));
    return read[0];
  }
}

function durations(...counts: number[]): HistogramPoint {
  const count = counts.reduce((a, b) => a + b, 0);
  const sum = counts.reduce((all, it, i) => all + it * (i + 0.5), 0);
  return { kind: "explicit", count, sum, boundaries: [1, 2], counts };
}

describe("what a forecast knows of a window", () => {
  it("of the mean of levels: their sum and their number", () => {
    const selected = new Selected("mean");
    selected.take("level", 10);
    selected.advance();
    selected.take("level", 4);
    selected.take("level", 1);
    expect(selected.value?.value).toBe(5);
    const window = selected.value?.window as WindowedFraction;
    expect(window.kind).toBe("ratio");
    expect(window.counted()).toEqual({ part: 15, whole: 3 });
    expect([0, 1, 2].map((begun) => window.knownAfter(begun))).toEqual([
      { part: 15, whole: 3 },
      { part: 5, whole: 2 },
      { part: 0, whole: 0 },
    ]);
    // The window moves on, and what was counted since the start stays.
    selected.advance();
    selected.take("level", 3);
    expect(window.counted()).toEqual({ part: 18, whole: 4 });
    expect(window.knownAfter(0)).toEqual({ part: 8, whole: 3 });
  });

  it("of the mean of durations: their sum and their number", () => {
    const selected = new Selected("mean");
    selected.take("histogram", durations(2, 1, 0));
    selected.advance();
    selected.take("histogram", durations(0, 0, 4));
    expect(selected.value?.value).toBe(12.5 / 7);
    const window = selected.value?.window as WindowedFraction;
    expect(window.counted()).toEqual({ part: 12.5, whole: 7 });
    expect([0, 1].map((begun) => window.knownAfter(begun))).toEqual([
      { part: 12.5, whole: 7 },
      { part: 10, whole: 4 },
    ]);
  });

  it("of a ratio: the counts of its part and of the whole", () => {
    const selected = new Selected("ratio");
    selected.take("increment", 3);
    selected.take("increment", 2, "no");
    selected.advance();
    selected.take("increment", 5, "no");
    expect(selected.value?.value).toBe(0.3);
    const window = selected.value?.window as WindowedFraction;
    expect(window.counted()).toEqual({ part: 3, whole: 10 });
    expect(window.knownAfter(1)).toEqual({ part: 0, whole: 5 });
  });

  it("of a rate: the counts of its part, over the time that is covered", () => {
    const selected = new Selected("rate");
    selected.take("increment", 30);
    selected.take("increment", 2, "no");
    selected.advance();
    selected.take("increment", 10);
    expect(selected.value?.value).toBe(2);
    const window = selected.value?.window as WindowedFraction;
    expect(window.kind).toBe("rate");
    expect(window.counted()).toEqual({ part: 40, whole: 0 });
    expect([0, 1].map((begun) => window.knownAfter(begun).part)).toEqual([40, 10]);
  });

  it.each(["ratio", "rate"] as const)("of a %s: 0 while nothing counts for its part", (number) => {
    const selected = new Selected(number);
    expect(selected.value).toBeUndefined();
    selected.take("increment", 4, "no");
    expect(selected.value?.value).toBe(0);
    selected.advance();
    selected.take("increment", 0, "no");
    expect(selected.value?.value).toBe(0);
  });

  it("of a percentile: the number of values, and the percentile of those that will be left", () => {
    const selected = new Selected("quantile");
    selected.take("histogram", durations(9, 0, 0));
    selected.advance();
    selected.take("histogram", durations(0, 9, 0));
    const window = selected.value?.window as WindowedQuantile;
    expect([window.kind, window.share, window.count()]).toEqual(["quantile", 0.5, 18]);
    const medianAfter = (begun: number) => window.quantileAfter(0.5, begun, 0, "ever") as number;
    expect(medianAfter(0)).toBeCloseTo(1, 1);
    expect(medianAfter(1)).toBeGreaterThan(1.3);
    expect(medianAfter(1)).toBeLessThan(1.7);
  });

  it("of a level and of a total: nothing", () => {
    const level = new Selected("level");
    level.take("level", 5);
    expect(level.value).toMatchObject({ value: 5, window: undefined });
    const total = new Selected("total");
    total.take("increment", 5);
    total.take("increment", 7, "no");
    expect(total.value).toMatchObject({ value: 5, window: undefined });
  });
});
