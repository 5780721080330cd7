import { describe, expect, it } from "vitest";
import type { ExplicitHistogramPoint, ExponentialHistogramPoint } from "../../../src/core/metric-point.ts";
import { histogramDifference, sumOfHistograms } from "../../../src/gateway/streams/histogram-difference.ts";

/** A histogram with these buckets from 1 on, above and below 0. */
function exponential(
  scale: number,
  { positive = [] as number[], negative = [] as number[], zeroCount = 0, offset = 0, count = 100, sum = 0 },
): ExponentialHistogramPoint {
  return {
    ...{ kind: "exponential", scale, count, sum, zeroCount },
    positive: { offset, bucketCounts: positive },
    negative: { offset: 0, bucketCounts: negative },
  };
}

function explicit(counts: number[], more: Partial<ExplicitHistogramPoint> = {}): ExplicitHistogramPoint {
  const count = counts.reduce((all, one) => all + one, 0);
  return { kind: "explicit", count, sum: count, boundaries: [1, 2], counts, ...more };
}

describe("what an exponential histogram has recorded since", () => {
  const last = exponential(1, { positive: [1, 2], negative: [3], zeroCount: 4, count: 10, sum: 7 });

  it("is the difference of each bucket", () => {
    const point = exponential(1, { positive: [1, 4, 5], negative: [6], zeroCount: 5, count: 21, sum: 9.5 });
    expect(histogramDifference(last, point)).toEqual(
      exponential(1, { positive: [0, 2, 5], negative: [3], zeroCount: 1, count: 11, sum: 2.5 }),
    );
  });

  it("is in the coarser buckets of the newer point", () => {
    const point = exponential(0, { positive: [7], negative: [3], zeroCount: 4 });
    expect(histogramDifference(last, point)).toMatchObject({
      ...{ scale: 0, zeroCount: 0, count: 90 },
      positive: { offset: 0, bucketCounts: [4] },
      negative: { offset: 0, bucketCounts: [0] },
    });
  });

  it("is known where buckets have become the first ones", () => {
    const point = exponential(1, { positive: [3, 1, 2], negative: [3], zeroCount: 4, offset: -1 });
    expect(histogramDifference(last, point)).toMatchObject({
      positive: { offset: -1, bucketCounts: [3, 0, 0] },
    });
  });

  it.each([
    ["a finer scale", exponential(2, { positive: [9, 9, 9, 9], negative: [9, 9], zeroCount: 9 })],
    ["fewer values above 0", exponential(1, { positive: [1, 1], negative: [3], zeroCount: 4 })],
    ["fewer values below 0", exponential(1, { positive: [1, 2], negative: [2], zeroCount: 4 })],
    ["fewer values at 0", exponential(1, { positive: [1, 2], negative: [3], zeroCount: 3 })],
    ["fewer values", exponential(1, { positive: [1, 2], negative: [3], zeroCount: 4, count: 9 })],
    ["a bucket that is gone", exponential(1, { positive: [9], negative: [3], zeroCount: 4 })],
  ])("is all since a reset if there is %s", (_, point) => {
    expect(histogramDifference(last, point)).toBe("reset");
  });

  it("is unknown if the point before had other buckets", () => {
    expect(histogramDifference(explicit([1, 0, 0]), last)).toBe("unknown");
    expect(histogramDifference(explicit([1, 0, 0]), explicit([1, 0, 0], { boundaries: [1, 3] }))).toBe(
      "unknown",
    );
  });
});

describe("two histograms together", () => {
  it("have the values of both, and the extent of both where both know it", () => {
    const one = explicit([1, 2, 3], { min: 0.5, max: 9 });
    const other = explicit([4, 0, 1], { min: 0.1, max: 7 });
    expect(sumOfHistograms(one, other)).toEqual(explicit([5, 2, 4], { min: 0.1, max: 9 }));
    expect(sumOfHistograms(one, explicit([4, 0, 1]))).toEqual(explicit([5, 2, 4]));
  });

  it("are not known if their buckets differ", () => {
    expect(sumOfHistograms(explicit([1, 2, 3]), explicit([1, 2, 3], { boundaries: [1, 3] }))).toBeUndefined();
    expect(sumOfHistograms(explicit([1, 2, 3]), exponential(1, {}))).toBeUndefined();
    expect(sumOfHistograms(exponential(1, {}), explicit([1, 2, 3]))).toBeUndefined();
  });
});
