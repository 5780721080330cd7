import { describe, expect, it } from "vitest";
import type { ExponentialHistogramPoint } from "../../src/core/metric-point.ts";
import { ExponentialCounts, MAX_FILLED_BUCKETS } from "../../src/statistics/exponential-counts.ts";

function counts(
  scale: number,
  offset: number,
  bucketCounts: readonly number[],
  zeroCount = 0,
): ExponentialCounts {
  const point: ExponentialHistogramPoint = {
    kind: "exponential",
    count: bucketCounts.reduce((a, b) => a + b, zeroCount),
    sum: 0,
    scale,
    zeroCount,
    positive: { offset, bucketCounts },
    negative: { offset: 0, bucketCounts: [] },
  };
  return ExponentialCounts.from(point) as ExponentialCounts;
}

describe("ExponentialCounts", () => {
  it("is as coarse as the coarsest that was added", () => {
    const merged = counts(3, 0, [1, 1]);
    merged.add(counts(1, 0, [1]));
    merged.add(counts(5, 0, [1]));
    expect([merged.scale, merged.filledBuckets]).toEqual([1, 1]);
  });

  it("has no scale of its own without filled buckets", () => {
    const merged = counts(0, 0, [], 5);
    expect(merged.scale).toBe(Number.POSITIVE_INFINITY);
    merged.add(counts(7, 0, [1]));
    expect(merged.scale).toBe(7);
  });

  it("becomes coarser step by step when too many buckets are filled", () => {
    const full = counts(6, 0, new Array<number>(MAX_FILLED_BUCKETS).fill(1));
    expect([full.scale, full.filledBuckets]).toEqual([6, MAX_FILLED_BUCKETS]);
    full.add(counts(6, MAX_FILLED_BUCKETS, [1]));
    expect([full.scale, full.filledBuckets]).toEqual([5, MAX_FILLED_BUCKETS / 2 + 1]);
  });

  it("could be finer when all parts are and there is room", () => {
    const merged = counts(3, 0, [1]);
    expect(merged.isCoarserThan([counts(4, 0, [1]), counts(9, 0, [1])])).toBe(true);
    expect(merged.isCoarserThan([counts(4, 0, [1]), counts(3, 0, [1])])).toBe(false);
    const half = counts(3, 0, new Array<number>(MAX_FILLED_BUCKETS / 2 + 1).fill(1));
    expect(half.isCoarserThan([counts(4, 0, [1])])).toBe(false);
  });
});
