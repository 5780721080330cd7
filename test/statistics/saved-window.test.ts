import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { HistogramWindow } from "../../src/statistics/histogram-window.ts";
import { histogramWindowSchema, type SavedHistogramWindow } from "../../src/statistics/saved-window.ts";

const NO_BUCKETS = { indexes: new Float64Array(0), counts: new Float64Array(0) };
/** More than a window holds: they are merged until they fit. */
const MANY = 1000;

function saved(indexes: Float64Array, scale = 3, counts = indexes.map(() => 1)): SavedHistogramWindow {
  const buckets = {
    kind: "exponential" as const,
    scale,
    zeroCount: 0,
    positive: { indexes, counts },
    negative: NO_BUCKETS,
  };
  return { slices: [{ age: 0, count: indexes.length, sum: 1, buckets }] };
}

const ascending = Float64Array.from({ length: MANY }, (_, index) => index);

describe("the saved window of a histogram", () => {
  it("goes on if it is sound", () => {
    const sound = saved(ascending);
    expect(v.is(histogramWindowSchema, sound)).toBe(true);
    const window = new HistogramWindow({ slices: 2 });
    window.restore(sound);
    expect(window.quantile(0.5)).toBeGreaterThan(1);
    expect(v.is(histogramWindowSchema, window.saved())).toBe(true);
  });

  it("may be empty", () => {
    expect(v.is(histogramWindowSchema, saved(new Float64Array(0), Number.POSITIVE_INFINITY))).toBe(true);
  });

  it.each([
    ["in no order", saved(ascending.map((index) => (index % 2 === 0 ? 5 : -5)))],
    ["without indexes", saved(ascending.map(() => Number.NaN))],
    ["of indexes that are no whole numbers", saved(ascending.map((index) => index / 2))],
    ["without counts", saved(ascending, 3, new Float64Array(0))],
    ["without a scale", saved(ascending, Number.NaN)],
    ["of an infinite scale", saved(ascending, Number.POSITIVE_INFINITY)],
  ])("is refused if it has buckets %s: they would be merged without end", (_, given) => {
    expect(v.is(histogramWindowSchema, given)).toBe(false);
  });
});
