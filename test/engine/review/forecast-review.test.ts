import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ForecastReview, type PublishedForecast } from "../../../src/engine/review/forecast-review.ts";

const OPTIONS = { toleranceMillis: 5000, minScored: 1 };

function forecast(at: number, predicted: number, part: Partial<PublishedForecast> = {}): PublishedForecast {
  return { at, dueAt: at + 60_000, predicted, lower: predicted - 1, upper: predicted + 1, naive: 0, ...part };
}

describe("ForecastReview", () => {
  it("has no ratio and no coverage until enough forecasts were scored", () => {
    const review = new ForecastReview({ toleranceMillis: 5000, minScored: 2 });
    review.remember(forecast(0, 8));
    review.remember(forecast(10_000, 9));
    review.observe({ at: 60_000, value: 10 });
    expect([review.scored, review.errorRatio, review.coverage]).toEqual([1, undefined, undefined]);
    review.observe({ at: 70_000, value: 10 });
    // Errors 2 and 1 against 10 and 10; the second lies on the upper bound.
    expect([review.scored, review.errorRatio, review.coverage]).toEqual([2, 0.15, 0.5]);
  });

  it("waits for ten scores by default", () => {
    const review = new ForecastReview({ toleranceMillis: 0 });
    for (let i = 0; i < 10; i++) review.remember(forecast(i * 1000, 1));
    for (let i = 0; i < 10; i++) {
      expect(review.errorRatio).toBeUndefined();
      review.observe({ at: 60_000 + i * 1000, value: 2 });
    }
    expect(review.errorRatio).toBe(0.5);
  });

  it("keeps the forecasts whose time has come to be looked at, until it begins again", () => {
    const review = new ForecastReview(OPTIONS);
    for (const [at, predicted] of [
      [0, 10],
      [10_000, 11],
      [20_000, 12],
    ] as const)
      review.remember(forecast(at, predicted));
    review.observe({ at: 70_000, value: 10 });
    const past = [
      { dueAt: 60_000, predicted: 10 },
      { dueAt: 70_000, predicted: 11 },
    ];
    expect(review.past()).toEqual(past);
    review.shift(500);
    expect(review.past()).toEqual(past.map(({ dueAt, predicted }) => ({ dueAt: dueAt + 500, predicted })));
    review.begin();
    expect(review.past()).toEqual([]);
  });

  it("scores by the sample nearest to the due time, before or after it", () => {
    const review = new ForecastReview(OPTIONS);
    review.remember(forecast(0, 10));
    review.observe({ at: 58_000, value: 10 });
    expect(review.scored).toBe(0);
    review.observe({ at: 64_000, value: 99 });
    expect([review.scored, review.errorRatio]).toEqual([1, 0]);
    review.remember(forecast(10_000, 10));
    review.observe({ at: 72_000, value: 10 });
    expect([review.scored, review.errorRatio]).toEqual([2, 0]);
  });

  it("scores by the later of two samples that are equally near", () => {
    const review = new ForecastReview(OPTIONS);
    review.remember(forecast(0, 10));
    review.observe({ at: 58_000, value: 99 });
    review.observe({ at: 62_000, value: 10 });
    expect(review.errorRatio).toBe(0);
  });

  it("drops a forecast without a sample near its due time", () => {
    const review = new ForecastReview(OPTIONS);
    review.remember(forecast(0, 10));
    review.observe({ at: 54_000, value: 10 });
    review.observe({ at: 66_000, value: 10 });
    expect([review.scored, review.pending]).toEqual([0, 0]);
    expect([review.errorRatio, review.coverage]).toEqual([undefined, undefined]);
  });

  it("is 1 when equal to naive, 0 when perfect, and at most 100 when naive made no error", () => {
    const ratio = (predicted: number, naive: number, actual: number) => {
      const review = new ForecastReview(OPTIONS);
      review.remember(forecast(0, predicted, { naive }));
      review.observe({ at: 60_000, value: actual });
      return review.errorRatio;
    };
    expect(ratio(5, 5, 5)).toBe(1);
    expect(ratio(3, 7, 5)).toBe(1);
    expect(ratio(5, 3, 5)).toBe(0);
    expect(ratio(6, 5, 5)).toBe(100);
    expect(ratio(5 + 1e-12, 5, 5)).toBe(1);
    expect(ratio(1e30, -1e30, -1e30)).toBe(100);
    // Further apart than numbers of single precision.
    expect(ratio(1e308, -1e308, -1e308)).toBe(1);
  });

  it("ignores rounding when it compares a value with an interval of width 0", () => {
    const review = new ForecastReview(OPTIONS);
    review.remember(forecast(0, 0.95, { lower: 0.95, upper: 0.95 }));
    review.observe({ at: 60_000, value: 0.95 + 2e-16 });
    expect(review.coverage).toBe(1);
    review.remember(forecast(60_000, 0.95, { lower: 0.95, upper: 0.95 }));
    review.observe({ at: 120_000, value: 0.951 });
    expect(review.coverage).toBe(0.5);
  });

  it("lets old scores fade: a method that has become bad shows within about 64 scores", () => {
    const review = new ForecastReview({ toleranceMillis: 0 });
    let at = 0;
    const score = (times: number, predicted: number) => {
      for (let i = 0; i < times; i++, at += 1000) {
        review.remember({ at, dueAt: at + 1000, predicted, lower: -1, upper: 1, naive: 1 });
        review.observe({ at: at + 1000, value: 0 });
      }
    };
    score(500, 0);
    expect([review.errorRatio, review.coverage]).toEqual([0, 1]);
    score(64, 4);
    expect(review.errorRatio).toBeGreaterThan(2);
    score(500, 4);
    expect(review.errorRatio).toBeCloseTo(4, 2);
  });

  it("spreads the stored forecasts of a long horizon evenly, up to the maximum", () => {
    const review = new ForecastReview({ ...OPTIONS, maxPending: 6 });
    for (let at = 0; at < 3_600_000; at += 10_000) {
      review.remember(forecast(at, 1, { dueAt: at + 3_600_000 }));
      expect(review.pending).toBeLessThanOrEqual(6);
    }
    expect(review.pending).toBe(6);
    const scoredAt: number[] = [];
    for (let at = 3_600_000; at < 7_200_000; at += 10_000) {
      const before = review.scored;
      review.observe({ at, value: 1 });
      if (review.scored > before) scoredAt.push(at - 3_600_000);
    }
    expect(scoredAt).toEqual([0, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000]);
  });

  it("skips forecasts and samples that cannot be scored", () => {
    const review = new ForecastReview(OPTIONS);
    review.remember(forecast(0, Number.NaN));
    review.remember(forecast(0, 1, { upper: Number.POSITIVE_INFINITY }));
    review.remember(forecast(0, 1, { dueAt: 0 }));
    expect(review.pending).toBe(0);
    review.remember(forecast(0, 1));
    review.observe({ at: 60_000, value: Number.NaN });
    review.observe({ at: Number.NaN, value: 1 });
    expect([review.pending, review.scored]).toEqual([1, 0]);
    review.observe({ at: 50_000, value: 1 });
    review.observe({ at: 40_000, value: 99 });
    review.observe({ at: 60_000, value: 1 });
    expect([review.pending, review.scored, review.errorRatio]).toEqual([0, 1, 0]);
  });

  it("equals the plain means of errors while few have been scored", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(pairs, (told) => {
        const review = new ForecastReview({ toleranceMillis: 0, minScored: 1 });
        told.forEach(([predicted, naive], i) => {
          review.remember({
            at: i,
            dueAt: i + 64,
            predicted,
            lower: predicted - 5,
            upper: predicted + 5,
            naive,
          });
        });
        told.forEach((_, i) => {
          review.observe({ at: i + 64, value: 0 });
        });
        const mae = (which: 0 | 1) => told.reduce((sum, pair) => sum + Math.abs(pair[which]), 0);
        const covered = told.filter(([predicted]) => Math.abs(predicted) <= 5).length / told.length;
        expect(review.scored).toBe(told.length);
        expect(review.coverage).toBeCloseTo(covered, 9);
        if (mae(1) > 0) expect(review.errorRatio).toBeCloseTo(Math.min(100, mae(0) / mae(1)), 9);
      }),
    );
  });

  it.each([
    ["toleranceMillis", { toleranceMillis: -1 }],
    ["toleranceMillis", { toleranceMillis: Number.NaN }],
    ["maxPending", { toleranceMillis: 1, maxPending: 0 }],
    ["minScored", { toleranceMillis: 1, minScored: 1.5 }],
  ])("names %s when it is wrong", (name, options) => {
    expect(() => new ForecastReview(options)).toThrow(new RegExp(`^${name}: expected `));
  });
});
