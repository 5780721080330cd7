import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayInSteps, gridAround, middleOf, slotAt, type TimeGrid } from "../../src/series/time-slots.ts";

function clockGrid(stepSeconds: number): TimeGrid {
  return { stepSeconds, originMillis: 0 };
}

describe("time slots", () => {
  it("start at multiples of the step on the clock", () => {
    const grid = clockGrid(60);
    expect([0, 59_999, 60_000, -1].map((at) => slotAt(grid, at))).toEqual([0, 0, 1, -1]);
    expect(middleOf(grid, 1)).toBe(90_000);
  });

  it("move so that a time is in the middle, and keep its number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 0, max: 4e12 }), (step, at) => {
        const grid = clockGrid(step);
        const moved = gridAround(grid, at);
        expect(slotAt(moved, at)).toBe(slotAt(grid, at));
        expect(middleOf(moved, slotAt(moved, at))).toBeCloseTo(at, 3);
        expect(Math.abs(moved.originMillis)).toBeLessThanOrEqual(step * 500);
      }),
    );
  });

  it("has the middle of every slot inside that slot", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: -1000, max: 1e9 }), (step, slot) => {
        expect(slotAt(clockGrid(step), middleOf(clockGrid(step), slot))).toBe(slot);
      }),
    );
  });
});

describe("dayInSteps", () => {
  it("is a day in whole steps when the day fits twice", () => {
    expect(dayInSteps(900, 2880)).toBe(96);
    expect(dayInSteps(43_200, 4)).toBe(2);
  });

  it("is undefined when a day does not fit twice, is a single step or not a whole number of steps", () => {
    expect(dayInSteps(60, 1440)).toBeUndefined();
    expect(dayInSteps(86_400, 100)).toBeUndefined();
    expect(dayInSteps(7, 1e6)).toBeUndefined();
  });
});
