import type { ExponentialHistogram } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NativeBuckets, nativeHistogram } from "../../../src/prometheus/formats/native-histogram.ts";

type Side = ExponentialHistogram["positive"];

const NOTHING: Side = { offset: 0, bucketCounts: [] };

function exponential(scale: number, positive: Side, negative = NOTHING, zeroCount = 0): ExponentialHistogram {
  return { scale, positive, negative, zeroCount, count: 0, sum: 0 };
}

/** The counts by index, as Prometheus reads them. */
function read({ spans, deltas }: NativeBuckets): Map<number, number> {
  const counts = new Map<number, number>();
  let index = 0;
  let place = 0;
  let count = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let step = 0; step < length; step += 1) {
      count += deltas[place] as number;
      place += 1;
      if (count > 0) counts.set(index, count);
      index += 1;
    }
  }
  expect(place).toBe(deltas.length);
  return counts;
}

describe("the native form of an exponential histogram", () => {
  it("has the bucket that ends at 1 as number 0", () => {
    // Base 2: (0.5, 1] once, (1, 2] twice, (4, 8] three times.
    const native = nativeHistogram(exponential(0, { offset: -1, bucketCounts: [1, 2, 0, 3] }));
    expect(native).toEqual({
      schema: 0,
      count: 6,
      zeroCount: 0,
      positive: { spans: [{ offset: 0, length: 4 }], deltas: [1, 1, -2, 3] },
      negative: { spans: [], deltas: [] },
    });
  });

  it("ends a run where many buckets are empty", () => {
    const native = nativeHistogram(exponential(3, { offset: 4, bucketCounts: [1, 0, 0, 0, 2] }, NOTHING, 5));
    expect(native?.positive).toEqual({
      spans: [
        { offset: 5, length: 1 },
        { offset: 3, length: 1 },
      ],
      deltas: [1, 1],
    });
    expect([native?.count, native?.zeroCount]).toEqual([8, 5]);
  });

  it("does not exist for a scale that Prometheus does not have", () => {
    expect(nativeHistogram(exponential(-5, { offset: 0, bucketCounts: [1] }))).toBeUndefined();
    expect(nativeHistogram(exponential(-4, { offset: 0, bucketCounts: [1] }))?.schema).toBe(-4);
  });

  it.each([1e308, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "does not exist for a count of %d, which a foreign producer may give",
    (count) => {
      const odd = { offset: 0, bucketCounts: [count, 2] };
      const sound = { offset: 0, bucketCounts: [1] };
      expect(nativeHistogram(exponential(0, odd))).toBeUndefined();
      expect(nativeHistogram(exponential(0, sound, odd))).toBeUndefined();
      expect(nativeHistogram(exponential(0, sound, sound, count))).toBeUndefined();
      // All in all they may be a sound count.
      expect(nativeHistogram(exponential(0, odd, sound, -count))).toBeUndefined();
    },
  );

  it("holds each value in the bucket of the schema that it belongs to, on both sides, at any scale", () => {
    const side = fc.record({
      offset: fc.integer({ min: -3000, max: 3000 }),
      bucketCounts: fc.array(fc.nat(3), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -4, max: 20 }),
        side,
        side,
        fc.nat(9),
        (scale, positive, negative, zeroCount) => {
          const native = nativeHistogram(exponential(scale, positive, negative, zeroCount));
          const schema = Math.min(scale, 8);
          expect(native?.schema).toBe(schema);
          for (const [given, made] of [
            [positive, native?.positive],
            [negative, native?.negative],
          ] as const) {
            const expected = new Map<number, number>();
            for (const [place, count] of given.bucketCounts.entries()) {
              // The upper end of the bucket, as an exponent of 2, in buckets of the schema.
              const index = Math.ceil(((given.offset + place + 1) / 2 ** scale) * 2 ** schema);
              if (count > 0) expected.set(index, (expected.get(index) ?? 0) + count);
            }
            expect(read(made as NativeBuckets)).toEqual(expected);
          }
          const all = [...positive.bucketCounts, ...negative.bucketCounts].reduce(
            (sum, count) => sum + count,
            0,
          );
          expect(native?.count).toBe(all + zeroCount);
        },
      ),
    );
  });
});
