import fc from "fast-check";
import { quantileSorted } from "simple-statistics";
import { describe, expect, it } from "vitest";
import type { ExponentialHistogramPoint } from "../../src/core/metric-point.ts";
import { exponentialQuantile, type FilledBuckets } from "../../src/statistics/exponential-quantile.ts";
import { HistogramWindow } from "../../src/statistics/histogram-window.ts";
import { randomFrom } from "../harness/random-from.ts";
import { sdkDeltas } from "./sdk-histogram.ts";

const UNKNOWN = { min: undefined, max: undefined };

function filled(part: Partial<FilledBuckets>): FilledBuckets {
  const none = { indexes: [], counts: [] };
  return { scale: 0, zeroCount: 0, positive: none, negative: none, ...part };
}

const KINDS: Record<string, (random: () => number) => number> = {
  lognormal: (random) =>
    Math.exp(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) - 2),
  uniform: (random) => 0.001 + random(),
  bimodal: (random) => (random() < 0.7 ? 0.02 + 0.01 * random() : 1.5 + 0.5 * random()),
  "clusters of equal values": (random) => [0.01, 0.05, 0.05, 0.1, 0.2][Math.floor(random() * 5)] as number,
  "ten even steps": (random) => Math.ceil(random() * 10) / 10,
};

describe("exponentialQuantile", () => {
  it("is undefined for an empty histogram", () => {
    expect(exponentialQuantile(filled({}), 0.5, UNKNOWN)).toBeUndefined();
  });

  it("is the middle of a bucket with empty neighbours", () => {
    const alone = filled({ positive: { indexes: [3], counts: [10] } });
    for (const q of [0, 0.3, 0.5, 1])
      expect(exponentialQuantile(alone, q, UNKNOWN)).toBeCloseTo(2 ** 3.5, 12);
  });

  it("spreads values evenly if the neighbours are as full", () => {
    // 303 values, log-evenly over 1..8: the median lies at the square root of 8, the ends half a
    // step inside.
    const even = filled({ positive: { indexes: [0, 1, 2], counts: [101, 101, 101] } });
    expect(exponentialQuantile(even, 0.5, UNKNOWN)).toBeCloseTo(Math.sqrt(8), 12);
    expect(exponentialQuantile(even, 0, UNKNOWN)).toBeCloseTo(2 ** (0.5 / 101), 12);
    expect(exponentialQuantile(even, 1, UNKNOWN)).toBeCloseTo(2 ** (3 - 0.5 / 101), 12);
  });

  it("spreads values half as far if the neighbours are half as full", () => {
    const peak = filled({ positive: { indexes: [0, 1, 2], counts: [2, 4, 2] } });
    // Rank 2 of 0..7 is the first of four: an eighth into the bucket if spread evenly, so at 0.5 -
    // 0.375 / 2.
    expect(exponentialQuantile(peak, 2 / 7, UNKNOWN)).toBeCloseTo(2 ** 1.3125, 12);
  });

  it("takes the one neighbour of the first and of the last bucket for both", () => {
    const slope = filled({ positive: { indexes: [0, 1], counts: [4, 2] } });
    // Rank 0 of 0..5 is the first of four: an eighth into the bucket if spread evenly, so at 0.5 -
    // 0.375 / 2.
    expect(exponentialQuantile(slope, 0, UNKNOWN)).toBeCloseTo(2 ** 0.3125, 12);
    const rise = filled({ positive: { indexes: [0, 1], counts: [2, 4] } });
    expect(exponentialQuantile(rise, 1, UNKNOWN)).toBeCloseTo(2 ** 1.6875, 12);
    const gap = filled({ positive: { indexes: [0, 2], counts: [4, 4] } });
    expect(exponentialQuantile(gap, 0, UNKNOWN)).toBeCloseTo(2 ** 0.5, 12);
    expect(exponentialQuantile(gap, 1, UNKNOWN)).toBeCloseTo(2 ** 2.5, 12);
  });

  it("orders negative values, zeros and positive values", () => {
    const mixed = filled({
      negative: { indexes: [0, 4], counts: [1, 1] },
      zeroCount: 1,
      positive: { indexes: [0, 4], counts: [1, 1] },
    });
    const values = [0, 0.25, 0.5, 0.75, 1].map((q) => exponentialQuantile(mixed, q, UNKNOWN) as number);
    [-(2 ** 4.5), -Math.SQRT2, 0, Math.SQRT2, 2 ** 4.5].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 12);
    });
  });

  it("is mirrored for negated values", () => {
    const buckets = { indexes: [-3, 0, 1, 2], counts: [3, 1, 5, 2] };
    for (const q of [0, 0.1, 0.33, 0.5, 0.9, 1]) {
      const up = exponentialQuantile(filled({ positive: buckets }), q, { min: 0.13, max: 6 }) as number;
      const down = exponentialQuantile(filled({ negative: buckets }), 1 - q, {
        min: -6,
        max: -0.13,
      }) as number;
      expect(down).toBeCloseTo(-up, 12);
    }
  });

  it("has exact ends if they are known, and never exceeds them", () => {
    const wide = filled({ positive: { indexes: [0, 1], counts: [5, 5] } });
    expect(exponentialQuantile(wide, 0, { min: 1.7, max: 2.1 })).toBe(1.7);
    expect(exponentialQuantile(wide, 1, { min: 1.7, max: 2.1 })).toBe(2.1);
    expect(exponentialQuantile(wide, 0.1, { min: 1.7, max: 2.1 })).toBeGreaterThanOrEqual(1.7);
    expect(exponentialQuantile(wide, 0.9, { min: 1.7, max: 2.1 })).toBeLessThanOrEqual(2.1);
  });

  it("spreads values only between the minimum and the maximum", () => {
    // One bucket (1, 16], of which 2..8 is left: its middle on a logarithmic scale is 4.
    const one = { indexes: [0], counts: [3] };
    expect(exponentialQuantile(filled({ scale: -2, positive: one }), 0.5, { min: 2, max: 8 })).toBeCloseTo(
      4,
      12,
    );
    expect(
      exponentialQuantile(filled({ scale: -2, positive: one }), 0.5, { min: 4, max: undefined }),
    ).toBeCloseTo(8, 12);
    expect(
      exponentialQuantile(filled({ scale: -2, positive: one }), 0.5, { min: undefined, max: 4 }),
    ).toBeCloseTo(2, 12);
    expect(exponentialQuantile(filled({ scale: -2, negative: one }), 0.5, { min: -8, max: -2 })).toBeCloseTo(
      -4,
      12,
    );
  });

  it("is finite in the last possible bucket", () => {
    const top = filled({ scale: -10, positive: { indexes: [0], counts: [4] } });
    expect(Number.isFinite(exponentialQuantile(top, 0.9, UNKNOWN))).toBe(true);
  });

  it.each(Object.keys(KINDS))("is within 2 % of the exact percentiles of %s samples", async (kind) => {
    for (const size of [50, 1000, 30_000]) {
      const random = randomFrom(size);
      const sample = Array.from({ length: size }, () =>
        (KINDS[kind] as (random: () => number) => number)(random),
      );
      const batches = Array.from({ length: 5 }, (_, i) => sample.slice((i * size) / 5, ((i + 1) * size) / 5));
      const window = new HistogramWindow({ slices: 5 });
      for (const point of await sdkDeltas(batches)) {
        window.advance();
        window.add(point);
      }
      sample.sort((a, b) => a - b);
      for (const q of [0.25, 0.5, 0.75, 0.95, 0.99]) {
        const ratio = (window.quantile(q) as number) / quantileSorted(sample, q);
        expect(Math.abs(ratio - 1), `p${q * 100} of ${size}`).toBeLessThan(0.02);
      }
    }
  });

  it("is within one bucket of the exact value, and rises with q", async () => {
    const sample = fc.array(fc.double({ min: 1e-4, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 60 });
    const run = fc.asyncProperty(sample, async (values) => {
      const [point] = (await sdkDeltas([values])) as [ExponentialHistogramPoint];
      const window = new HistogramWindow({ slices: 1 });
      window.add(point);
      const sorted = [...values].sort((a, b) => a - b);
      const bucket = 2 ** (2 ** -point.scale);
      let last = 0;
      sorted.forEach((value, rank) => {
        const estimate = window.quantile(sorted.length === 1 ? 0 : rank / (sorted.length - 1)) as number;
        expect(estimate).toBeLessThanOrEqual(value * bucket * (1 + 1e-9));
        expect(estimate).toBeGreaterThanOrEqual((value / bucket) * (1 - 1e-9));
        expect(estimate).toBeGreaterThanOrEqual(last * (1 - 1e-9));
        last = estimate;
      });
    });
    await fc.assert(run, { numRuns: 100 });
  });
});
