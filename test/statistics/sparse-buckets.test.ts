import fc from "fast-check";
import { expect, it } from "vitest";
import type { SparseBuckets } from "../../src/statistics/exponential-quantile.ts";
import { NEGLIGIBLE_COUNT } from "../../src/statistics/histogram-buckets.ts";
import {
  addBuckets,
  NO_BUCKETS,
  scaledBuckets,
  sparseFrom,
  subtractBuckets,
} from "../../src/statistics/sparse-buckets.ts";

const dense = fc.array(fc.nat({ max: 3 }), { maxLength: 40 });

function asDense({ indexes, counts }: SparseBuckets): number[] {
  const all = new Array<number>(40).fill(0);
  for (const [place, index] of indexes.entries()) all[index] = counts[place] as number;
  return all;
}

it("adds and subtracts buckets, whichever of them are filled", () => {
  fc.assert(
    fc.property(dense, dense, (one, other) => {
      const [first, second] = [one, other].map((counts) => sparseFrom({ offset: 0, bucketCounts: counts }));
      if (first === undefined || second === undefined || first === NO_BUCKETS) return;
      addBuckets(first, second);
      expect(asDense(first)).toEqual(asDense(first).map((_, i) => (one[i] ?? 0) + (other[i] ?? 0)));
      expect(first.indexes).toEqual([...new Set(first.indexes)].sort((a, b) => a - b));
      subtractBuckets(first, second);
      expect(asDense(first)).toEqual(asDense(first).map((_, i) => one[i] ?? 0));
      expect(Math.min(1, ...first.counts)).toBe(1);
    }),
  );
});

it("has only possible counts, and no array that can be changed where none is filled", () => {
  const bucketCounts = [0, 2, -1, Number.NaN, Number.POSITIVE_INFINITY, 3];
  expect(sparseFrom({ offset: -2, bucketCounts })).toEqual({ indexes: [-1, 3], counts: [2, 3] });
  expect(sparseFrom({ offset: 7, bucketCounts: [0, 0] })).toBe(NO_BUCKETS);
});

it("multiplies counts, and leaves out those that no longer count", () => {
  const buckets = { indexes: [-1, 0, 4], counts: [8, 2 * NEGLIGIBLE_COUNT, NEGLIGIBLE_COUNT] };
  expect(scaledBuckets(buckets, 0.5)).toEqual({ indexes: [-1, 0], counts: [4, NEGLIGIBLE_COUNT] });
});
