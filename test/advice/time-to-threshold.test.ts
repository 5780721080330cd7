import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeToThreshold as crossingOf } from "../../src/advice/time-to-threshold.ts";
import type { Threshold } from "../../src/core/threshold.ts";

const above = (value: number) => ({ value, direction: "above" }) as const;
const below = (value: number) => ({ value, direction: "below" }) as const;

/** Asks about a path of equal steps. */
function timeToThreshold(given: {
  current: number;
  mean: readonly number[];
  stepSeconds: number;
  firstStepSeconds?: number;
  threshold: Threshold;
}): number | undefined {
  const { current, mean, stepSeconds, firstStepSeconds = stepSeconds, threshold } = given;
  const path = mean.map((value, step) => ({
    mean: value,
    secondsAhead: firstStepSeconds + step * stepSeconds,
  }));
  return crossingOf(current, path, threshold);
}

describe("timeToThreshold", () => {
  it("is interpolated between the steps of the path", () => {
    const rising = { current: 10, mean: [12, 14, 18], stepSeconds: 60 };
    expect(timeToThreshold({ ...rising, threshold: above(11) })).toBe(30);
    expect(timeToThreshold({ ...rising, threshold: above(15) })).toBe(135);
    expect(
      timeToThreshold({ current: 0.9, mean: [0.8, 0.7], stepSeconds: 10, threshold: below(0.75) }),
    ).toBeCloseTo(15, 9);
  });

  it("counts from now, where the first step of the path is nearer than the others", () => {
    const rising = { current: 10, mean: [12, 14, 18], stepSeconds: 60, firstStepSeconds: 20 };
    expect(timeToThreshold({ ...rising, threshold: above(11) })).toBe(10);
    expect(timeToThreshold({ ...rising, threshold: above(15) })).toBe(20 + 60 + 15);
  });

  it("is 0 when the series is past it already, whatever the path does", () => {
    expect(timeToThreshold({ current: 10, mean: [1, 1], stepSeconds: 60, threshold: above(9) })).toBe(0);
    expect(timeToThreshold({ current: 10, mean: [99], stepSeconds: 60, threshold: below(11) })).toBe(0);
  });

  it("is undefined when the path does not go past it: nothing is extrapolated", () => {
    const rising = { current: 10, mean: [12, 14, 18], stepSeconds: 60 };
    expect(timeToThreshold({ ...rising, threshold: above(18.1) })).toBeUndefined();
    expect(timeToThreshold({ ...rising, threshold: below(10) })).toBeUndefined();
    expect(timeToThreshold({ current: 1, mean: [], stepSeconds: 60, threshold: above(2) })).toBeUndefined();
  });

  it("does not take lying on the threshold for being past it", () => {
    expect(
      timeToThreshold({ current: 1, mean: [1, 1], stepSeconds: 60, threshold: below(1) }),
    ).toBeUndefined();
    expect(
      timeToThreshold({ current: 90, mean: [100, 100], stepSeconds: 60, threshold: above(100) }),
    ).toBeUndefined();
    expect(timeToThreshold({ current: 1, mean: [1, 1, 0.5], stepSeconds: 60, threshold: below(1) })).toBe(
      120,
    );
  });

  it("is the first crossing of a path that comes back", () => {
    expect(timeToThreshold({ current: 0, mean: [10, 0, 10], stepSeconds: 1, threshold: above(5) })).toBe(0.5);
  });

  it("is where the straight line between the steps meets the threshold", () => {
    const path = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(path, fc.integer({ min: -60, max: 60 }), (values, half) => {
        const [current, ...mean] = values as [number, ...number[]];
        const threshold = above(half + 0.5);
        const seconds = timeToThreshold({ current, mean, stepSeconds: 10, threshold });
        const first = values.findIndex((value) => value > threshold.value);
        if (first <= 0) {
          expect(seconds).toBe(first === 0 ? 0 : undefined);
          return;
        }
        const at = (seconds as number) / 10;
        expect(at).toBeGreaterThanOrEqual(first - 1);
        expect(at).toBeLessThanOrEqual(first);
        const [from, to] = [values[first - 1] as number, values[first] as number];
        expect(from + (at - (first - 1)) * (to - from)).toBeCloseTo(threshold.value, 9);
      }),
    );
  });
});
