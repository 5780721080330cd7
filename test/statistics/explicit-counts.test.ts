import { describe, expect, it } from "vitest";
import type { ExplicitHistogramPoint } from "../../src/core/metric-point.ts";
import { ExplicitCounts } from "../../src/statistics/explicit-counts.ts";
import { ExponentialCounts } from "../../src/statistics/exponential-counts.ts";
import { NEGLIGIBLE_COUNT } from "../../src/statistics/histogram-buckets.ts";
import type { SavedBuckets } from "../../src/statistics/saved-window.ts";

type SavedExplicit = Extract<SavedBuckets, { kind: "explicit" }>;

const UNKNOWN = { min: undefined, max: undefined };

function counts(values: readonly number[], boundaries: readonly number[]): ExplicitCounts {
  const count = values.reduce((a, b) => a + b, 0);
  const point: ExplicitHistogramPoint = { kind: "explicit", count, sum: 0, boundaries, counts: values };
  return ExplicitCounts.from(point) as ExplicitCounts;
}

const EXPONENTIAL = ExponentialCounts.from({
  kind: "exponential",
  ...{ count: 1, sum: 1, scale: 0, zeroCount: 1 },
  positive: { offset: 0, bucketCounts: [] },
  negative: { offset: 0, bucketCounts: [] },
}) as ExponentialCounts;

/**
 * The cases without an extent are those of Prometheus: promql/promqltest/testdata/histograms.test,
 * series `testhistogram` (cumulative 5, 6, 12, 12 at le 0.1, 0.2, 1, +Inf reads 5, 1, 6, 0) and
 * `testhistogram2`.
 */
describe("quantile of explicit buckets", () => {
  it("is undefined for an empty histogram", () => {
    expect(counts([0, 0], [1]).quantile(0.5, UNKNOWN)).toBeUndefined();
  });

  it("interpolates linearly as histogram_quantile does", () => {
    const histogram = counts([5, 1, 6, 0], [0.1, 0.2, 1]);
    expect(histogram.quantile(0, UNKNOWN)).toBe(0);
    // rank 2.4 of 5 in (0, 0.1]
    expect(histogram.quantile(0.2, UNKNOWN)).toBeCloseTo(0.048, 12);
    // rank 6 ends the bucket (0.1, 0.2]
    expect(histogram.quantile(0.5, UNKNOWN)).toBeCloseTo(0.2, 12);
    // rank 9.6: 3.6 of 6 in (0.2, 1]
    expect(histogram.quantile(0.8, UNKNOWN)).toBeCloseTo(0.68, 12);
  });

  it("is a bucket's bound at the end of its rank, also before an empty bucket", () => {
    expect(counts([5, 0, 5, 0], [1, 2, 3]).quantile(0.5, UNKNOWN)).toBe(1);
    expect(counts([0, 0, 5, 0], [1, 2, 3]).quantile(0, UNKNOWN)).toBe(2);
  });

  it("is the last boundary for values beyond it, and the first if that is not positive", () => {
    expect(counts([0, 0, 3], [1, 2]).quantile(0.9, UNKNOWN)).toBe(2);
    expect(counts([3, 0, 0], [-1, 2]).quantile(0.9, UNKNOWN)).toBe(-1);
  });

  it("uses minimum and maximum if they are known", () => {
    const open = counts([2, 0, 2], [1, 2]);
    expect(open.quantile(0.25, { min: 0.5, max: 6 })).toBe(0.75);
    expect(open.quantile(0.75, { min: 0.5, max: 6 })).toBe(4);
    expect(open.quantile(1, { min: 0.5, max: 6 })).toBe(6);
    const negative = counts([4, 0], [-1]);
    expect(negative.quantile(0.5, { min: -5, max: -1 })).toBe(-3);
  });

  it("narrows a bucket to the extent", () => {
    const one = counts([0, 4, 0], [10, 20]);
    expect(one.quantile(0.5, { min: 12, max: 14 })).toBe(13);
    expect(one.quantile(0.01, { min: 12, max: 12 })).toBe(12);
  });

  it("depends only on the extent if there is no boundary", () => {
    expect(counts([4], []).quantile(0.5, { min: 2, max: 4 })).toBe(3);
    expect(counts([4], []).quantile(0.5, UNKNOWN)).toBeUndefined();
  });
});

describe("explicit buckets", () => {
  it("are none if a count is missing or is no count", () => {
    const point = { kind: "explicit", count: 3, sum: 0, boundaries: [1, 2] } as const;
    for (const wrong of [
      [1, 2],
      [1, 1, 1, 0],
      [1, 2.5, 0],
      [4, -1, 0],
      [3, Number.NaN, 0],
    ]) {
      expect(ExplicitCounts.from({ ...point, counts: wrong })).toBeUndefined();
    }
    expect(ExplicitCounts.from({ ...point, counts: [1, 0, 2] })?.counts).toEqual([1, 0, 2]);
  });

  it("are restored as they were saved", () => {
    const whole = counts([5, 0, 6], [0.5, 1]);
    const restored = ExplicitCounts.restore(whole.saved() as SavedExplicit);
    expect(restored).toEqual(whole);
    restored.add(whole);
    expect(restored.counts).toEqual([10, 0, 12]);
    expect(whole.counts).toEqual([5, 0, 6]);
  });

  it("accept those of the same boundaries only", () => {
    const one = counts([1, 2, 3], [1, 2]);
    expect(one.accepts(counts([0, 0, 0], [1, 2]))).toBe(true);
    expect(one.accepts(one.emptied())).toBe(true);
    expect(one.accepts(counts([0, 0, 0], [1, 3]))).toBe(false);
    expect(one.accepts(counts([0, 0], [1]))).toBe(false);
    expect(one.accepts(counts([0, 0, 0, 0], [1, 2, 3]))).toBe(false);
    expect(one.accepts(EXPONENTIAL)).toBe(false);
  });

  it("are added, subtracted down to 0, and scaled", () => {
    const sum = counts([1, 2, 3], [1, 2]);
    sum.add(counts([4, 0, 1], [1, 2]));
    expect(sum.counts).toEqual([5, 2, 4]);
    sum.subtract(counts([1, 3, 1], [1, 2]));
    expect(sum.counts).toEqual([4, 0, 3]);
    expect(sum.scaled(0.5).counts).toEqual([2, 0, 1.5]);
    expect(sum.scaled(NEGLIGIBLE_COUNT / 3.5).counts).toEqual([4 * (NEGLIGIBLE_COUNT / 3.5), 0, 0]);
    expect(sum.scaled(NEGLIGIBLE_COUNT / 4).counts).toEqual([NEGLIGIBLE_COUNT, 0, 0]);
    expect(sum.emptied().counts).toEqual([0, 0, 0]);
    expect(sum.counts).toEqual([4, 0, 3]);
  });
});
