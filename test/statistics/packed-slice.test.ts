import { expect, it } from "vitest";
import type { HistogramPoint } from "../../src/core/metric-point.ts";
import { type HistogramSlice, sliceFrom } from "../../src/statistics/histogram-slices.ts";
import { PackedSlice } from "../../src/statistics/packed-slice.ts";

const buckets = (offset: number, ...bucketCounts: number[]) => ({ offset, bucketCounts });
const exponential: HistogramPoint = {
  kind: "exponential",
  count: 7,
  sum: 2.5,
  scale: 3,
  zeroCount: 1,
  positive: buckets(-4, 2, 0, 1),
  negative: buckets(9, 3),
};

function slice(point: HistogramPoint): HistogramSlice {
  const made = sliceFrom(point);
  if (made === undefined) throw new Error("an invalid point");
  return made;
}

it.each<[string, HistogramPoint]>([
  ["of both signs", { ...exponential, min: -3, max: 0.8 }],
  ["with unknown ends", exponential],
  [
    "of zeros",
    { ...exponential, count: 1, sum: 0, positive: buckets(0), negative: buckets(0), min: 0, max: 0 },
  ],
])("is the same as the slice: one %s", (_, point) => {
  const given = slice(point);
  const packed = PackedSlice.of(given);
  expect(packed).toBeInstanceOf(PackedSlice);
  const { count, sum, min, max } = packed;
  expect({ count, sum, min, max }).toEqual({
    count: given.count,
    sum: given.sum,
    min: given.min,
    max: given.max,
  });
  expect(packed.buckets.saved()).toEqual(given.buckets.saved());
  expect(packed.scale).toBe(given.buckets.scale);
});

it("leaves explicit buckets as they are", () => {
  const given = slice({ kind: "explicit", count: 1, sum: 1, boundaries: [2], counts: [1, 0] });
  expect(PackedSlice.of(given)).toBe(given);
});
