import fc from "fast-check";
import { quantileSorted } from "simple-statistics";
import { describe, expect, it } from "vitest";
import type { ExplicitHistogramPoint, ExponentialHistogramPoint } from "../../src/core/metric-point.ts";
import { HistogramWindow } from "../../src/statistics/histogram-window.ts";
import { sdkDeltas } from "./sdk-histogram.ts";

function explicit(counts: readonly number[], boundaries = [1, 2, 4], extent = {}): ExplicitHistogramPoint {
  return {
    kind: "explicit",
    count: counts.reduce((a, b) => a + b, 0),
    sum: 10,
    boundaries,
    counts,
    ...extent,
  };
}

/** An exponential point at scale 0: one bucket per octave. */
function octaves(offset: number, bucketCounts: readonly number[], scale = 0): ExponentialHistogramPoint {
  return {
    kind: "exponential",
    count: bucketCounts.reduce((a, b) => a + b, 0),
    sum: 1,
    scale,
    zeroCount: 0,
    positive: { offset, bucketCounts },
    negative: { offset: 0, bucketCounts: [] },
  };
}

function exact(values: readonly number[], q: number): number {
  return quantileSorted(
    [...values].sort((a, b) => a - b),
    q,
  );
}

describe("HistogramWindow", () => {
  it("has no quantile and no mean if it is empty, at first or again", async () => {
    const window = new HistogramWindow({ slices: 2 });
    expect([window.count, window.sum, window.mean(), window.quantile(0.5)]).toEqual([
      0,
      0,
      undefined,
      undefined,
    ]);
    const [point] = await sdkDeltas([[0.1, 0.2, 0.3]]);
    expect(window.add(point as ExponentialHistogramPoint)).toBe(true);
    expect([window.count, window.advance(), window.advance()]).toEqual([3, false, true]);
    expect([window.count, window.sum, window.mean(), window.quantile(0.5)]).toEqual([
      0,
      0,
      undefined,
      undefined,
    ]);
    expect(window.advance()).toBe(false);
  });

  it("has no quantile outside of 0..1", async () => {
    const window = new HistogramWindow({ slices: 1 });
    window.add(explicit([1, 0, 0, 0]));
    expect([-0.1, 1.1, Number.NaN].map((q) => window.quantile(q))).toEqual([undefined, undefined, undefined]);
  });

  it("has exact count, sum, mean, minimum and maximum", async () => {
    const window = new HistogramWindow({ slices: 3 });
    for (const point of await sdkDeltas([[3, 5, 4], [100], [1]])) {
      window.add(point);
      window.advance();
    }
    expect(window.quantile(0)).toBe(1);
    expect(window.quantile(1)).toBe(100);
    expect([window.count, window.sum, window.mean()]).toEqual([2, 101, 50.5]);
    window.advance();
    expect([window.quantile(0), window.quantile(1)]).toEqual([1, 1]);
  });

  it("does not use the extent of one slice for all", () => {
    const window = new HistogramWindow({ slices: 2 });
    window.add({ ...octaves(0, [2]), min: 1.5, max: 1.6 });
    window.add(octaves(3, [2]));
    expect(window.quantile(1)).toBeGreaterThan(8);
  });

  it("ignores invalid points", () => {
    const window = new HistogramWindow({ slices: 2 });
    expect(window.add(explicit([1, 2]))).toBe(false);
    expect(window.add(explicit([1, -2, 3, 0]))).toBe(false);
    expect(window.add(explicit([1, Number.NaN, 3, 0]))).toBe(false);
    expect(window.add(explicit([0, 0, 0, 0]))).toBe(false);
    expect(window.add({ ...octaves(0, [1]), count: Number.NaN })).toBe(false);
    expect(window.add({ ...octaves(0, [1]), scale: 0.5 })).toBe(false);
    expect(window.add({ ...octaves(0, [1]), scale: 1e9 })).toBe(false);
    expect(window.add({ ...octaves(0, [1]), zeroCount: -1 })).toBe(false);
    expect(window.add(octaves(Number.NaN, [1]))).toBe(false);
    expect(window.count).toBe(0);
  });

  it("is emptied if the boundaries or the kind change", () => {
    const window = new HistogramWindow({ slices: 5 });
    window.add(explicit([5, 0, 0, 0]));
    window.advance();
    window.add(explicit([0, 1], [7]));
    expect(window.count).toBe(1);
    window.add(octaves(0, [3]));
    expect(window.count).toBe(3);
    window.add(explicit([1, 0], [7]));
    expect(window.count).toBe(1);
  });

  it("merges points whose equal boundaries are in different arrays", () => {
    const window = new HistogramWindow({ slices: 5 });
    window.add(explicit([1, 0, 0, 0], [1, 2, 4]));
    window.advance();
    window.add(explicit([0, 0, 1, 0], [1, 2, 4]));
    expect(window.count).toBe(2);
  });

  it("has quantiles of explicit points", () => {
    const window = new HistogramWindow({ slices: 2 });
    window.add(explicit([0, 4, 0], [10, 20]));
    window.add(explicit([4, 0, 0], [10, 20]));
    expect([0.25, 0.75].map((q) => window.quantile(q))).toEqual([5, 15]);
  });

  it("equals a sum of explicit counts computed by hand at every tick", () => {
    const count = fc.nat(20);
    const ticks = fc.array(fc.tuple(count, count, count, count), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), ticks, (slices, deltas) => {
        const window = new HistogramWindow({ slices });
        deltas.forEach((delta, n) => {
          if (n > 0) window.advance();
          window.add(explicit(delta));
          const total = [0, 0, 0, 0];
          for (const kept of deltas.slice(Math.max(0, n + 1 - slices), n + 1)) {
            for (const bucket of [0, 1, 2, 3])
              total[bucket] = (total[bucket] as number) + (kept[bucket] as number);
          }
          const anew = new HistogramWindow({ slices: 1 });
          anew.add(explicit(total));
          expect(window.count).toBe(anew.count);
          for (const q of [0.1, 0.5, 0.9]) expect(window.quantile(q)).toBe(anew.quantile(q));
        });
      }),
    );
  });

  it("ignores a maximum that is not finite, and has no mean of an infinite sum", () => {
    const window = new HistogramWindow({ slices: 2 });
    window.add({
      ...explicit([1, 0, 0, 1], [1, 2, 4], { min: 0.5, max: Number.POSITIVE_INFINITY }),
      sum: 1 / 0,
    });
    expect(window.quantile(1)).toBe(4);
    expect(window.mean()).toBeUndefined();
  });

  it("is as fine as its slices again after a wide one has left", async () => {
    const narrow = Array.from({ length: 50 }, (_, i) => 1 + i / 1000);
    const points = await sdkDeltas([[1e-6, 1e6], narrow, narrow]);
    const window = new HistogramWindow({ slices: 2 });
    const errors: number[] = [];
    for (const point of points) {
      window.advance();
      window.add(point);
      errors.push(Math.abs((window.quantile(0.5) as number) / exact(narrow, 0.5) - 1));
    }
    expect(errors[1]).toBeGreaterThan(1e-3);
    expect(errors[2]).toBeLessThan(1e-4);
  });

  it("is not coarsened by slices of zeros, for which the SDK reports scale 0", async () => {
    const window = new HistogramWindow({ slices: 4 });
    for (const point of await sdkDeltas([[1.23, 1.24, 1.25], [0]])) window.add(point);
    expect(window.quantile(0)).toBe(0);
    expect(window.quantile(2 / 3)).toBeCloseTo(1.24, 3);
  });

  it("keeps few buckets even if many different points are added", () => {
    const window = new HistogramWindow({ slices: 2 });
    for (let i = 0; i < 3000; i++) {
      const exponent = (i * 13) / 3000;
      window.add(octaves(Math.ceil(exponent * 2 ** 20) - 1, [1], 20));
    }
    expect(window.count).toBe(3000);
    expect((window.quantile(0.5) as number) / 2 ** 6.5).toBeCloseTo(1, 2);
  });

  it("equals a window that is filled anew at every tick", async () => {
    const batch = fc.array(
      fc.double({ min: 1e-3, max: 1e4, noNaN: true }).map((v) => (v < 0.01 ? 0 : v)),
      { maxLength: 12 },
    );
    const run = fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(batch, { minLength: 1, maxLength: 12 }),
      async (slices, batches) => {
        const points = await sdkDeltas(batches.map((values) => (values.length > 0 ? values : [0])));
        const window = new HistogramWindow({ slices });
        points.forEach((point, n) => {
          if (n > 0) window.advance();
          window.add(point);
          const anew = new HistogramWindow({ slices: 1 });
          for (const kept of points.slice(Math.max(0, n + 1 - slices), n + 1)) anew.add(kept);
          expect(window.count).toBe(anew.count);
          expect(window.sum).toBeCloseTo(anew.sum, 6);
          for (const q of [0, 0.1, 0.5, 0.95, 1]) {
            expect(window.quantile(q)).toBeCloseTo(anew.quantile(q) as number, 10);
          }
        });
      },
    );
    await fc.assert(run, { numRuns: 60 });
  });
});
