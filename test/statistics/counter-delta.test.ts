import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CounterDelta } from "../../src/statistics/counter-delta.ts";

function deltas(readings: readonly number[], counter = new CounterDelta()): (number | undefined)[] {
  return readings.map((reading) => counter.next(reading));
}

describe("CounterDelta", () => {
  it("says what was added between readings, nothing at the first", () => {
    expect(deltas([100, 100, 130])).toEqual([undefined, 0, 30]);
  });

  it("takes the first reading as a delta when the counter began at 0 meanwhile", () => {
    expect(deltas([5, 7], new CounterDelta({ beganAtZero: true }))).toEqual([5, 2]);
  });

  it("takes a fall as a restart from 0", () => {
    expect(deltas([100, 4, 6])).toEqual([undefined, 4, 2]);
    expect(deltas([100, 0, 6])).toEqual([undefined, 0, 6]);
  });

  it("passes over readings that no counter can have", () => {
    expect(deltas([10, Number.NaN, -3, Number.POSITIVE_INFINITY, 14])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      4,
    ]);
  });

  it("finds every increment again, over any restarts", () => {
    const lives = fc.array(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 10 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(lives, (increments) => {
        const counter = new CounterDelta({ beganAtZero: true });
        let found = 0;
        for (const life of increments) {
          let reading = 0;
          // A restart shows only as a fall: the first reading of a life is 0.
          found += counter.next(0) as number;
          for (const increment of life) {
            reading += increment;
            found += counter.next(reading) as number;
          }
        }
        expect(found).toBe(increments.flat().reduce((sum, n) => sum + n, 0));
      }),
    );
  });
});
