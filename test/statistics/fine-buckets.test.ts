import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FineBuckets, fineBucketsOf } from "../../src/core/fine-buckets.ts";
import { ExponentialSketch, MAX_EXPONENTIAL_BUCKETS } from "../../src/statistics/exponential-sketch.ts";
import { OctaveHistogram } from "../../src/statistics/octave-histogram.ts";

/** The finer buckets of values that were collected in batches. */
function fineOf(batches: readonly (readonly number[])[], histogram = new OctaveHistogram()): FineBuckets {
  for (const batch of batches) {
    const sketch = new ExponentialSketch();
    for (const value of batch) sketch.record(value);
    histogram.add(sketch.toPoint({ maxBuckets: MAX_EXPONENTIAL_BUCKETS }));
  }
  const fine = fineBucketsOf(histogram.toHistogram());
  if (fine === undefined) throw new Error("a histogram without finer buckets");
  return fine;
}

/** The counts of the buckets that are not empty, by index. */
function filled({ positive: { offset, bucketCounts } }: FineBuckets): Record<string, number> {
  const counts = bucketCounts.map((count, place): [string, number] => [String(offset + place), count]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Between the bounds of buckets, where no rounding of a logarithm matters. */
const anyValue = (octaves: number): fc.Arbitrary<number> =>
  fc.integer({ min: -512 * octaves, max: 512 * octaves - 1 }).map((step) => 2 ** (step / 1024 + 1 / 4096));

describe("the finer buckets of a histogram of octaves", () => {
  it("count each value in the bucket that holds it by definition, however values are collected", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain((octaves) => fc.array(fc.array(anyValue(octaves)))),
        (batches) => {
          const fine = fineOf(batches);
          const expected: Record<string, number> = {};
          for (const value of batches.flat()) {
            const index = String(Math.ceil(Math.log2(value) * 2 ** fine.scale) - 1);
            expected[index] = (expected[index] ?? 0) + 1;
          }
          expect(filled(fine)).toEqual(expected);
          expect(fine.positive.bucketCounts.length).toBeLessThanOrEqual(320);
        },
      ),
    );
  });

  it("are within 2 % for values over five octaves, and at most 320 for values over all", () => {
    expect(2 ** (2 ** -fineOf([[0.11, 3]]).scale)).toBeLessThan(1.02);
    const wide = fineOf([[1e-300], [1e300, 0]]);
    expect(wide.positive.bucketCounts.length).toBeLessThanOrEqual(320);
    expect(Object.values(filled(wide))).toEqual([1, 1]);
    expect(wide.zeroCount).toBe(1);
  });

  it("stay as they were when they were read", () => {
    const histogram = new OctaveHistogram();
    const before = fineOf([[1, 1.001]], histogram);
    const copy = structuredClone(before);
    const after = fineOf([[1, 0]], histogram);
    expect(before).toEqual(copy);
    expect([filled(after), after.zeroCount]).toEqual([{ "-1": 2, "0": 1 }, 1]);
  });

  it("are not seen by those who print the histogram or compare it", () => {
    const histogram = new OctaveHistogram();
    fineOf([[1]], histogram);
    expect(Reflect.ownKeys({ ...histogram.toHistogram() })).toEqual(["buckets", "count", "sum"]);
  });

  it("are none for values that are negative", () => {
    const histogram = new OctaveHistogram();
    const none = { offset: 0, bucketCounts: [] };
    const negative = { offset: 0, bucketCounts: [1] };
    const point = { kind: "exponential", count: 1, sum: -2, scale: 0, zeroCount: 0 } as const;
    histogram.add({ ...point, positive: none, negative });
    expect(fineBucketsOf(histogram.toHistogram())).toBeUndefined();
  });
});
