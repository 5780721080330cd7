import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExplicitHistogramPoint, ExponentialHistogramPoint } from "../../src/core/metric-point.ts";
import { EVER, HistogramWindow } from "../../src/statistics/histogram-window.ts";
import { sdkDeltas } from "./sdk-histogram.ts";

const SLICES = 6;

/** A window with these values in its slices, oldest first. */
async function windowOf(slices: readonly (readonly number[])[]): Promise<HistogramWindow> {
  const window = new HistogramWindow({ slices: SLICES });
  await fill(window, slices);
  return window;
}

/** Each slice begins with an advance, as at a collection. */
async function fill(window: HistogramWindow, slices: readonly (readonly number[])[]): Promise<void> {
  for (const point of await sdkDeltas(slices)) {
    window.advance();
    window.add(point as ExponentialHistogramPoint);
  }
}

const values = fc.array(fc.double({ min: 0.001, max: 10, noNaN: true }), { minLength: 1, maxLength: 5 });

describe("a window of a histogram that changes", () => {
  it("has the percentile of now before anything changes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 9 }), async (slices) => {
        const window = await windowOf(slices);
        for (const like of [1, SLICES, EVER]) {
          const now = window.quantileAfter(0.9, { known: SLICES, coming: 0, like });
          expect(now).toBe(window.quantile(0.9));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("has the percentile that comes if what comes is like what was expected", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 8, maxLength: 9 }), async (slices) => {
        const window = await windowOf(slices);
        const newest = slices.slice(-2);
        const change = { known: 4, coming: newest.flat().length, like: 2 };
        // What is asked for once is kept up to date by later slices.
        window.quantileAfter(0.9, change);
        await fill(window, [[0.5, 0.7]]);
        const known = [...slices.slice(-3), [0.5, 0.7]];
        const like = [...slices.slice(-1), [0.5, 0.7]];
        const expected = window.quantileAfter(0.9, { ...change, coming: like.flat().length });
        const after = await windowOf([...known, ...like]);
        expect(Math.abs(Math.log((expected as number) / (after.quantile(0.9) as number)))).toBeLessThan(0.1);
      }),
      { numRuns: 50 },
    );
  });

  it("has percentiles if scaled values add up to a little less than one", async () => {
    const slow = Array.from({ length: 10 }, (_, index) => 1.5 ** index);
    const window = await windowOf([slow]);
    for (let slice = 0; slice < 4; slice += 1) window.advance();
    // A tenth of each: their sum is below 1 by a rounding.
    for (const share of [0.3, 0.5, 0.99]) {
      const percentile = window.quantileAfter(share, { known: 2, coming: 1, like: SLICES });
      expect(percentile).toBeGreaterThan(0.9);
      expect(percentile).toBeLessThan(40);
    }
  });

  it("knows what will leave: the slow values of the oldest slices", async () => {
    const fast = Array.from({ length: 20 }, () => 0.01);
    const slow = [...fast.slice(0, 10), ...fast.slice(0, 10).map(() => 2)];
    const window = await windowOf([slow, slow, fast, fast, fast, fast]);
    expect(window.quantile(0.95)).toBeGreaterThan(1);
    expect(window.quantileAfter(0.95, { known: 4, coming: 40, like: 3 })).toBeCloseTo(0.01, 3);
    // Of the values of the whole window, a sixth is slow.
    expect(window.quantileAfter(0.97, { known: 4, coming: 40, like: SLICES })).toBeGreaterThan(1);
  });

  it("expects what was in the long run, longer than the window, and forgets it slowly", async () => {
    const window = await windowOf([[1, 1, 1, 1]]);
    expect(window.quantileAfter(0.5, { known: 0, coming: 4, like: EVER })).toBeCloseTo(1, 1);
    await fill(
      window,
      Array.from({ length: SLICES }, () => [8]),
    );
    expect(window.quantileAfter(0.2, { known: 0, coming: 4, like: EVER })).toBeCloseTo(1, 0);
    expect(window.quantileAfter(0.2, { known: 0, coming: 4, like: SLICES })).toBeCloseTo(8, 0);
    for (let slice = 0; slice < 100 * SLICES; slice++) window.advance();
    expect(window.quantileAfter(0.2, { known: 0, coming: 4, like: EVER })).toBeUndefined();
  });

  it("counts half of what it knew four windows before", async () => {
    const window = await windowOf([new Array(10).fill(1)]);
    window.quantileAfter(0.5, { known: 0, coming: 1, like: EVER });
    for (let slice = 0; slice < 8 * SLICES; slice++) window.advance();
    await fill(window, [[100]]);
    // 2.5 values of 1 and one of 100 in the long run: two of three that come are 1.
    expect(window.quantileAfter(0.5, { known: 1, coming: 3, like: EVER })).toBeCloseTo(1, 0);
  });

  it("that is saved and restored expects what it would have expected", async () => {
    const window = await windowOf([[1, 1, 1, 1]]);
    const ask = (of: HistogramWindow) =>
      [0.1, 0.5, 0.99].map((q) => of.quantileAfter(q, { known: 2, coming: 4, like: EVER }));
    ask(window);
    await fill(
      window,
      Array.from({ length: 2 * SLICES }, () => [8]),
    );
    const restored = new HistogramWindow({ slices: SLICES });
    restored.restore(window.saved());
    expect(ask(restored)).toEqual(ask(window));
    // The long run knows the values of 1, which the window no longer holds.
    expect(ask(restored)[0]).toBeLessThan(7);
    for (const of of [window, restored]) {
      for (let slice = 0; slice < 3 * SLICES; slice++) of.advance();
      await fill(of, [[100]]);
    }
    expect(ask(restored)).toEqual(ask(window));
  });

  it("has the percentile of what stays or of what comes, if the other is empty", async () => {
    const window = await windowOf([[1, 2, 4]]);
    for (let slice = 0; slice < 2; slice++) window.advance();
    const now = window.quantile(0.5);
    expect(window.quantileAfter(0.5, { known: 4, coming: 5, like: 2 })).toBe(now);
    expect(window.quantileAfter(0.5, { known: 2, coming: 3, like: EVER })).toBe(now);
  });

  it("has no percentile of nothing", async () => {
    const window = new HistogramWindow({ slices: SLICES });
    for (const like of [2, EVER])
      for (const known of [0, 3])
        expect(window.quantileAfter(0.5, { known, coming: 0.2, like })).toBeUndefined();
    const some = await windowOf([[1]]);
    expect(some.quantileAfter(0.5, { known: 0, coming: 0, like: 2 })).toBeUndefined();
    expect(some.quantileAfter(1.5, { known: 1, coming: 1, like: 2 })).toBeUndefined();
  });

  it("starts anew when the boundaries change", () => {
    const point = (boundaries: readonly number[], counts: readonly number[]): ExplicitHistogramPoint => ({
      kind: "explicit",
      count: counts.reduce((sum, count) => sum + count, 0),
      sum: 1,
      boundaries,
      counts,
    });
    const window = new HistogramWindow({ slices: SLICES });
    window.add(point([1, 2], [0, 4, 0]));
    const ask = (like: number) => window.quantileAfter(0.5, { known: 2, coming: 4, like });
    expect([2, EVER].map(ask)).toEqual([1.5, 1.5]);
    window.advance();
    window.add(point([10, 20], [0, 4, 0]));
    expect([2, EVER].map(ask)).toEqual([15, 15]);
  });
});
