import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addBuckets,
  downscaled,
  type SparseBuckets,
  sparseFrom,
  subtractBuckets,
} from "../../src/statistics/sparse-buckets.ts";

function sparse(entries: readonly (readonly [index: number, count: number])[]): SparseBuckets {
  return { indexes: entries.map(([index]) => index), counts: entries.map(([, count]) => count) };
}

const anyBuckets = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), {
    selector: ([index]) => index,
    maxLength: 30,
  })
  .map((entries) => sparse(entries.sort(([a], [b]) => a - b)));

function asMap(buckets: SparseBuckets): Map<number, number> {
  return new Map(buckets.indexes.map((index, i) => [index, buckets.counts[i] as number]));
}

describe("sparse buckets", () => {
  it("keeps only filled buckets of a point", () => {
    expect(sparseFrom({ offset: -2, bucketCounts: [1, 0, 0, 4] })).toEqual(
      sparse([
        [-2, 1],
        [1, 4],
      ]),
    );
    expect(sparseFrom({ offset: 0, bucketCounts: [-1, Number.NaN, Number.POSITIVE_INFINITY] })).toEqual(
      sparse([]),
    );
  });

  it("joins neighbours when downscaled, negative indexes towards minus infinity", () => {
    expect(
      downscaled(
        sparse([
          [-3, 1],
          [-2, 2],
          [-1, 3],
          [0, 4],
          [1, 5],
        ]),
        1,
      ),
    ).toEqual(
      sparse([
        [-2, 1],
        [-1, 5],
        [0, 9],
      ]),
    );
    expect(
      downscaled(
        sparse([
          [-5, 1],
          [7, 1],
        ]),
        40,
      ),
    ).toEqual(
      sparse([
        [-1, 1],
        [0, 1],
      ]),
    );
  });

  it("adds like a map of counts, ascending", () => {
    fc.assert(
      fc.property(anyBuckets, anyBuckets, (target, other) => {
        const expected = asMap(target);
        for (const [index, count] of asMap(other)) expected.set(index, (expected.get(index) ?? 0) + count);
        addBuckets(target, other);
        expect(asMap(target)).toEqual(expected);
        expect(target.indexes).toEqual([...target.indexes].sort((a, b) => a - b));
        expect(target.counts).toHaveLength(target.indexes.length);
      }),
    );
  });

  it("is itself again after adding and subtracting", () => {
    fc.assert(
      fc.property(anyBuckets, anyBuckets, (target, other) => {
        const before = structuredClone(target);
        addBuckets(target, other);
        subtractBuckets(target, other);
        expect(target).toEqual(before);
      }),
    );
  });

  it("loses no value and keeps its place when downscaled in one go or in steps", () => {
    fc.assert(
      fc.property(anyBuckets, fc.nat(4), fc.nat(4), (buckets, a, b) => {
        expect(downscaled(downscaled(buckets, a), b)).toEqual(downscaled(buckets, a + b));
      }),
    );
  });
});
