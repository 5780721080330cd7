import { describe, expect, it } from "vitest";
import { FINE_BUCKETS, type FineBuckets } from "../../src/core/fine-buckets.ts";
import type { ExponentialHistogramPoint } from "../../src/core/metric-point.ts";
import { OCTAVE_BOUNDARIES, OctaveHistogram } from "../../src/statistics/octave-histogram.ts";
import { sdkDeltas } from "./sdk-histogram.ts";

function fineBuckets(histogram: OctaveHistogram): FineBuckets {
  return (histogram.toHistogram() as { [FINE_BUCKETS]?: FineBuckets })[FINE_BUCKETS] as FineBuckets;
}

/** The buckets that are not empty, by their upper bound. */
function filled({ counts }: OctaveHistogram): Record<string, number> {
  return Object.fromEntries(
    counts
      .map((count, index) => [String(OCTAVE_BOUNDARIES[index] ?? Infinity), count] as const)
      .filter(([, count]) => count !== 0),
  );
}

function exponential(part: Partial<ExponentialHistogramPoint>): ExponentialHistogramPoint {
  const none = { offset: 0, bucketCounts: [] };
  return {
    kind: "exponential",
    count: 0,
    sum: 0,
    scale: 0,
    zeroCount: 0,
    positive: none,
    negative: none,
    ...part,
  };
}

describe("a histogram of octaves", () => {
  it("has a bound at each power of two from 2^-10 to 2^12", () => {
    expect(OCTAVE_BOUNDARIES).toHaveLength(23);
    expect(OCTAVE_BOUNDARIES.slice(0, 3)).toEqual([1 / 1024, 1 / 512, 1 / 256]);
    expect(OCTAVE_BOUNDARIES.slice(-2)).toEqual([2048, 4096]);
    expect(new OctaveHistogram().counts).toEqual(Array(24).fill(0));
  });

  it("counts the values of the SDK in their octaves, exactly and added up", async () => {
    const histogram = new OctaveHistogram();
    const points = await sdkDeltas([
      [0.3, 0.5, 0.50001, 1, 1.5],
      [3, 0.4],
    ]);
    for (const point of points) histogram.add(point);
    // A value that equals a bound lies below it.
    expect(filled(histogram)).toEqual({ "0.5": 3, "1": 2, "2": 1, "4": 1 });
    expect(histogram.count).toBe(7);
    expect(histogram.sum).toBeCloseTo(7.20001, 12);
  });

  it("counts buckets of any scale at or below the octave of their upper bound", () => {
    for (const [scale, offset, bound] of [
      [0, 0, "2"],
      [1, 0, "2"],
      [1, 1, "2"],
      [1, 2, "4"],
      [3, 7, "2"],
      [3, 8, "4"],
      [0, -3, "0.25"],
    ] as const) {
      const histogram = new OctaveHistogram();
      histogram.add(exponential({ count: 5, scale, positive: { offset, bucketCounts: [5] } }));
      expect(filled(histogram)).toEqual({ [bound]: 5 });
    }
  });

  it("counts what is below the first bound in the first bucket, and what is above the last beyond it", () => {
    const histogram = new OctaveHistogram();
    const few = { offset: -40, bucketCounts: [1] };
    histogram.add(exponential({ count: 3, zeroCount: 2, negative: { offset: 5, bucketCounts: [1, 0, 4] } }));
    histogram.add(exponential({ count: 1, positive: few }));
    histogram.add(exponential({ count: 1, positive: { offset: 12, bucketCounts: [1, 1] } }));
    expect(filled(histogram)).toEqual({ [String(2 ** -10)]: 8, Infinity: 2 });
  });

  it("counts explicit buckets by their upper bound, without a limit at the end", () => {
    const histogram = new OctaveHistogram();
    histogram.add({
      kind: "explicit",
      count: 10,
      sum: 30,
      boundaries: [0, 0.3, 5],
      counts: [1, 2, 3, 4],
    });
    expect(filled(histogram)).toEqual({ [String(2 ** -10)]: 1, "0.5": 2, "8": 3, Infinity: 4 });
    expect([histogram.count, histogram.sum]).toEqual([10, 30]);
  });
});

describe("the finer buckets of a histogram of octaves", () => {
  it("are right at the end of the indexes that the data model allows", () => {
    const histogram = new OctaveHistogram();
    const end = 2 ** 31 - 1;
    histogram.add(exponential({ count: 2, scale: 20, positive: { offset: end, bucketCounts: [1, 1] } }));
    const { positive, scale } = fineBuckets(histogram);
    // At scale 6, a bucket has the place of 2^14 of them.
    expect([scale, positive]).toEqual([6, { offset: 2 ** 17 - 1, bucketCounts: [1, 1] }]);
  });

  it("are right however far apart two scales are", () => {
    const histogram = new OctaveHistogram();
    histogram.add(
      exponential({ count: 1, scale: -11, positive: { offset: 2 ** 21 - 1, bucketCounts: [1] } }),
    );
    histogram.add(exponential({ count: 1, scale: -11, positive: { offset: -(2 ** 21), bucketCounts: [1] } }));
    histogram.add(exponential({ count: 1, scale: 20, positive: { offset: 2 ** 30, bucketCounts: [1] } }));
    const { positive, scale } = fineBuckets(histogram);
    // At scale -25, a bucket has the place of 2^14 of scale -11. The third value lies in the first one above 1.
    expect([scale, positive.offset, positive.bucketCounts.length]).toEqual([-25, -128, 256]);
    expect(positive.bucketCounts.flatMap((count, index) => (count > 0 ? [index] : []))).toEqual([
      0, 128, 255,
    ]);
  });
});
