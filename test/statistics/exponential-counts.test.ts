import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExponentialHistogramPoint } from "../../src/core/metric-point.ts";
import { ExponentialCounts, MAX_FILLED_BUCKETS } from "../../src/statistics/exponential-counts.ts";
import type { SparseBuckets } from "../../src/statistics/exponential-quantile.ts";
import type { SavedBuckets } from "../../src/statistics/saved-window.ts";
import { addBuckets, downscaled, sparseFrom, subtractBuckets } from "../../src/statistics/sparse-buckets.ts";

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
  it("has the coarsest scale that was added", () => {
    const merged = counts(3, 0, [1, 1]);
    merged.add(counts(1, 0, [1]));
    merged.add(counts(5, 0, [1]));
    expect([merged.scale, merged.filledBuckets]).toEqual([1, 1]);
  });

  it("has no scale without filled buckets", () => {
    const merged = counts(0, 0, [], 5);
    expect(merged.scale).toBe(Number.POSITIVE_INFINITY);
    merged.add(counts(7, 0, [1]));
    expect(merged.scale).toBe(7);
  });

  it("becomes one scale coarser when too many buckets are filled", () => {
    const full = counts(6, 0, new Array<number>(MAX_FILLED_BUCKETS).fill(1));
    expect([full.scale, full.filledBuckets]).toEqual([6, MAX_FILLED_BUCKETS]);
    full.add(counts(6, MAX_FILLED_BUCKETS, [1]));
    expect([full.scale, full.filledBuckets]).toEqual([5, MAX_FILLED_BUCKETS / 2 + 1]);
  });

  it("could be finer if all parts are and there is room", () => {
    const merged = counts(3, 0, [1]);
    expect(merged.isCoarserThan([4, 9])).toBe(true);
    expect(merged.isCoarserThan([4, 3])).toBe(false);
    const half = counts(3, 0, new Array<number>(MAX_FILLED_BUCKETS / 2 + 1).fill(1));
    expect(half.isCoarserThan([4])).toBe(false);
    const justHalf = counts(3, 0, new Array<number>(MAX_FILLED_BUCKETS / 2).fill(1));
    expect(justHalf.isCoarserThan([4])).toBe(true);
  });

  it("has four times as many buckets as the SDK has for one sign, also of a single point", () => {
    expect(MAX_FILLED_BUCKETS).toBe(640);
    const tooMany = counts(6, 0, new Array<number>(MAX_FILLED_BUCKETS + 1).fill(1));
    expect([tooMany.scale, tooMany.filledBuckets]).toEqual([5, MAX_FILLED_BUCKETS / 2 + 1]);
  });

  it("refuses a point that no histogram can have", () => {
    expect(counts(40, 0, [1])).toBeDefined();
    expect(counts(-40, 0, [1])).toBeDefined();
    for (const scale of [41, -41, 0.5, Number.NaN]) expect(counts(scale, 0, [1])).toBeUndefined();
    for (const zeros of [-1, 0.5, Number.NaN]) expect(counts(0, 0, [1], zeros)).toBeUndefined();
    expect(counts(0, 0.5, [1])).toBeUndefined();
  });

  /** The number of values at each size, as they are saved. */
  const buckets = (of: ExponentialCounts) => {
    const { scale, zeroCount, positive, negative } = of.saved() as Extract<
      SavedBuckets,
      { kind: "exponential" }
    >;
    const plain = ({ indexes, counts: numbers }: typeof positive) =>
      [...indexes].map((at, i) => [at, numbers[i]]);
    return { scale, zeroCount, positive: plain(positive), negative: plain(negative) };
  };

  it("is as before after adding and subtracting, at its own scale", () => {
    const sum = counts(3, -2, [1, 2, 3], 4);
    sum.add(counts(3, 0, [5, 6], 1));
    expect(buckets(sum)).toMatchObject({
      zeroCount: 5,
      positive: [
        [-2, 1],
        [-1, 2],
        [0, 8],
        [1, 6],
      ],
    });
    sum.subtract(counts(3, 0, [5, 6], 1));
    expect(buckets(sum)).toEqual(buckets(counts(3, -2, [1, 2, 3], 4)));
    sum.subtract(counts(4, -4, [1, 0, 0, 2], 9));
    expect(buckets(sum)).toMatchObject({ scale: 3, zeroCount: 0, positive: [[0, 3]] });
  });

  it("counts a share of everything when it is scaled", () => {
    expect(buckets(counts(3, 0, [2, 4], 6).scaled(0.5))).toEqual(buckets(counts(3, 0, [1, 2], 3)));
    expect(counts(3, 0, [2]).scaled(0.5).scale).toBe(3);
    expect(counts(3, 0, [], 2).scaled(0.5).scale).toBe(Number.POSITIVE_INFINITY);
  });

  it("is restored as it was saved", () => {
    const whole = counts(3, -2, [1, 0, 3], 4);
    const saved = whole.saved() as Extract<SavedBuckets, { kind: "exponential" }>;
    expect(buckets(ExponentialCounts.restore(saved))).toEqual(buckets(whole));
    expect(buckets(whole.emptied())).toMatchObject({ zeroCount: 0, positive: [], negative: [] });
  });
});

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
  it("holds only the filled buckets of a point", () => {
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

  it("merges neighbours when downscaled, and rounds negative indexes down", () => {
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

  it("adds like a map of counts, in ascending order", () => {
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

  it("is unchanged after adding and subtracting", () => {
    fc.assert(
      fc.property(anyBuckets, anyBuckets, (target, other) => {
        const before = structuredClone(target);
        addBuckets(target, other);
        subtractBuckets(target, other);
        expect(target).toEqual(before);
      }),
    );
  });

  it("has the same result if downscaled once or in steps", () => {
    fc.assert(
      fc.property(anyBuckets, fc.nat(4), fc.nat(4), (buckets, a, b) => {
        expect(downscaled(downscaled(buckets, a), b)).toEqual(downscaled(buckets, a + b));
      }),
    );
  });
});
