import { describe, expect, it } from "vitest";
import { NORMAL_90, ScoredInterval } from "../../../src/forecast/windowed/scored-interval.ts";

const unit = { predicted: 10, down: 1, up: 1 };
/** Of eight scores, each of its own horizon: Student's t at 90 % with 8 degrees of freedom over the normal one. */
const WIDER = 1 + (NORMAL_90 ** 2 + 1) / 4 / 8;

/** An interval with scores of -2 and 3, four of each. */
function scored(unprovenShare: number, perHorizon = 1): ScoredInterval {
  const interval = new ScoredInterval(perHorizon);
  for (let times = 0; times < 4; times += 1) {
    interval.score(unit, 8);
    interval.score({ predicted: 10, down: 1, up: 2 }, 16);
  }
  interval.adapt(unprovenShare);
  return interval;
}

describe("an interval by the scores of past forecasts", () => {
  it("is that of a normal distribution before there are scores", () => {
    const interval = new ScoredInterval(1);
    const normal = { lower: 10 - 2 * NORMAL_90, upper: 10 + 3 * NORMAL_90 };
    expect(interval.around({ predicted: 10, down: 2, up: 3 })).toEqual(normal);
    interval.adapt(0);
    expect(interval.around({ predicted: 10, down: 2, up: 3 })).toEqual(normal);
  });

  it("reaches from the 10th to the 90th percentile of the scores, wider the fewer there are", () => {
    const { lower, upper } = scored(0).around(unit);
    expect([lower, upper]).toEqual([expect.closeTo(10 - 2 * WIDER, 12), expect.closeTo(10 + 3 * WIDER, 12)]);
    const few = 1 + (NORMAL_90 ** 2 + 1) / 4 / 2;
    expect(scored(0, 4).around(unit).upper).toBeCloseTo(10 + 3 * few, 12);
    expect(scored(0, 80).around(unit).upper).toBeCloseTo(10 + 3 * (1 + (NORMAL_90 ** 2 + 1) / 4), 12);
  });

  it("is between that and the normal one by the share that is unproven", () => {
    const { lower, upper } = scored(0.25).around(unit);
    expect(lower).toBeCloseTo(10 - 0.75 * 2 * WIDER - 0.25 * NORMAL_90, 12);
    expect(upper).toBeCloseTo(10 + 0.75 * 3 * WIDER + 0.25 * NORMAL_90, 12);
    expect(scored(1).around(unit)).toEqual({ lower: 10 - NORMAL_90, upper: 10 + NORMAL_90 });
  });

  it("holds the forecast, also where all outcomes were on one side of it", () => {
    const above = new ScoredInterval(1);
    const below = new ScoredInterval(1);
    for (const [interval, outcome] of [
      [above, 11],
      [below, 9],
    ] as const) {
      interval.score(unit, outcome);
      interval.adapt(0);
    }
    expect(above.around(unit).lower).toBe(10);
    expect(above.around(unit).upper).toBeGreaterThan(11);
    expect(below.around(unit).upper).toBe(10);
    expect(below.around(unit).lower).toBeLessThan(9);
  });

  it("leaves out an outcome on a side on which no deviation was expected", () => {
    const interval = new ScoredInterval(1);
    interval.score({ predicted: 10, down: 0, up: 1 }, 9);
    expect(interval.saved()).toEqual(new Float64Array());
    interval.score({ predicted: 10, down: 0, up: 2 }, 10);
    expect(interval.saved()).toEqual(Float64Array.of(0));
  });

  it("is made from the newest 96 scores, and the same when they are restored", () => {
    const interval = new ScoredInterval(1);
    for (let outcome = 0; outcome <= 100; outcome += 1) interval.score(unit, outcome);
    expect(interval.saved()).toEqual(Float64Array.from({ length: 96 }, (_, index) => index - 5));
    interval.adapt(0.5);
    const restored = new ScoredInterval(1);
    restored.restore(interval.saved(), 0.5);
    expect(restored.around(unit)).toEqual(interval.around(unit));
    const none = new ScoredInterval(1);
    none.restore(new Float64Array(), 0);
    expect(none.around(unit)).toEqual({ lower: 10 - NORMAL_90, upper: 10 + NORMAL_90 });
  });
});
