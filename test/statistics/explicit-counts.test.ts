import { describe, expect, it } from "vitest";
import type { ExplicitHistogramPoint } from "../../src/core/metric-point.ts";
import { ExplicitCounts } from "../../src/statistics/explicit-counts.ts";

const UNKNOWN = { min: undefined, max: undefined };

function counts(values: readonly number[], boundaries: readonly number[]): ExplicitCounts {
  const count = values.reduce((a, b) => a + b, 0);
  const point: ExplicitHistogramPoint = { kind: "explicit", count, sum: 0, boundaries, counts: values };
  return ExplicitCounts.from(point) as ExplicitCounts;
}

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
