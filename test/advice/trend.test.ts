import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trendOf } from "../../src/advice/trend.ts";

function question(current: number, predicted: number, halfWidth: number, horizonSeconds = 100) {
  return { current, predicted, lower: predicted - halfWidth, upper: predicted + halfWidth, horizonSeconds };
}

describe("trendOf", () => {
  it("goes the way of a change that stands out of the interval", () => {
    expect(trendOf(question(10, 20, 5))).toEqual({ trend: "increasing", slopePerSecond: 0.1 });
    expect(trendOf(question(20, 10, 5))).toEqual({ trend: "decreasing", slopePerSecond: -0.1 });
  });

  it("is stable up to a quarter of the width of the interval", () => {
    expect(trendOf(question(100, 105, 10)).trend).toBe("stable");
    expect(trendOf(question(100, 105.1, 10)).trend).toBe("increasing");
    expect(trendOf(question(100, 95, 10)).trend).toBe("stable");
    expect(trendOf(question(100, 94.9, 10)).trend).toBe("decreasing");
  });

  it("is stable up to a thousandth of the level, however narrow the interval", () => {
    expect(trendOf(question(1000, 1001, 0)).trend).toBe("stable");
    expect(trendOf(question(1000, 1001.1, 0)).trend).toBe("increasing");
    expect(trendOf(question(1000, 1001.0005, 0)).trend).toBe("stable");
    expect(trendOf(question(-1000, -1001.1, 0)).trend).toBe("decreasing");
  });

  it("calls a constant series stable, at zero too", () => {
    expect(trendOf(question(0, 0, 0))).toEqual({ trend: "stable", slopePerSecond: 0 });
  });

  it("tells the slope of a stable series as well", () => {
    expect(trendOf(question(100, 101, 50)).slopePerSecond).toBeCloseTo(0.01, 12);
  });

  it("has no slope over no time", () => {
    expect(trendOf(question(1, 2, 0, 0)).slopePerSecond).toBe(0);
  });

  it("turns round with the sign of the values and does not depend on their unit", () => {
    const value = fc.integer({ min: -1000, max: 1000 });
    const opposite = { increasing: "decreasing", decreasing: "increasing", stable: "stable" };
    fc.assert(
      fc.property(value, value, fc.nat(500), (current, predicted, halfWidth) => {
        const { trend } = trendOf(question(current, predicted, halfWidth));
        expect(trendOf(question(-current, -predicted, halfWidth)).trend).toBe(opposite[trend]);
        expect(trendOf(question(current * 1024, predicted * 1024, halfWidth * 1024)).trend).toBe(trend);
      }),
    );
  });
});
