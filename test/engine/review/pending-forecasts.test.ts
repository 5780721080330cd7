import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  PastForecasts,
  type PendingForecast,
  PendingForecasts,
} from "../../../src/engine/review/pending-forecasts.ts";

function forecast(dueAt: number, from = dueAt): PendingForecast {
  return { dueAt, predicted: from + 1, lower: from + 2, upper: from + 3, naive: from + 4 };
}

function taken(pending: PendingForecasts): PendingForecast | undefined {
  if (pending.length === 0) return undefined;
  const { oldest } = pending;
  pending.removeOldest();
  return oldest;
}

function all(pending: PendingForecasts): number[] {
  return Array.from(pending.saved().pending);
}

describe("PendingForecasts", () => {
  it("is first in, first out", () => {
    const pending = new PendingForecasts(8);
    for (const dueAt of [10, 20]) pending.push(forecast(dueAt));
    expect(pending.nextDueAt).toBe(10);
    expect(taken(pending)).toEqual(forecast(10));
    expect(pending.nextDueAt).toBe(20);
    expect(taken(pending)).toEqual(forecast(20));
    expect([pending.nextDueAt, pending.length]).toEqual([undefined, 0]);
  });

  it("equals a list whose front is cut off", () => {
    const steps = fc.array(fc.oneof(fc.constant("shift"), fc.integer({ min: 0, max: 1e6 })), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), steps, (capacity, sequence) => {
        const pending = new PendingForecasts(capacity);
        let list: PendingForecast[] = [];
        for (const step of sequence) {
          if (typeof step === "number") {
            pending.push(forecast(step));
            list = [...list, forecast(step)].slice(-capacity);
          } else {
            expect(taken(pending)).toEqual(list.shift());
          }
          expect(pending.length).toBe(list.length);
          expect(pending.nextDueAt).toBe(list[0]?.dueAt);
        }
      }),
    );
  });

  const level = fc
    .oneof(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -1e12, max: 1e12 }))
    .map((it) => it / 7);
  const width = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);
  const steps = fc.array(fc.tuple(level, width), { maxLength: 80 });

  /** The first value is rounded when it is stored, and again when it is counted from the third one. */
  const ROUNDED_TWICE: [number, number][] = [
    [131290865655.14285, 0],
    [-94740509010.85715, 0.85],
    [-9, 0],
  ];

  it("is as far from what was given as it says, even after values of another size", () => {
    fc.assert(
      fc.property(steps, (given) => {
        const pending = new PendingForecasts(10);
        const list: PendingForecast[] = [];
        for (const [step, [naive, width]] of given.entries()) {
          const dueAt = 1_790_000_000_000 + step * 10_000;
          const predicted = naive * (1 + width);
          const lower = Math.min(naive, predicted) - width;
          list.push({ dueAt, predicted, lower, upper: Math.max(naive, predicted) + width, naive });
          pending.push(list.at(-1) as PendingForecast);
        }
        for (const expected of list.slice(-10)) {
          const rounding = pending.roundingOf.bind(pending);
          const found = pending.oldest;
          expect(found.dueAt).toBe(expected.dueAt);
          for (const name of ["predicted", "lower", "upper", "naive"] as const)
            expect(Math.abs(found[name] - expected[name])).toBeLessThanOrEqual(
              rounding(expected[name]) + 1e-15 * Math.abs(expected[name]),
            );
          pending.removeOldest();
        }
      }),
      { examples: [[ROUNDED_TWICE]] },
    );
  });

  it("rounds far less than values differ, wherever they are", () => {
    const pending = new PendingForecasts(10);
    for (const naive of [0, 1e9, 1e9 + 1, -3, 5]) {
      const given = { dueAt: 1000, predicted: naive + 0.1, lower: naive, upper: naive + 0.7, naive };
      pending.push(given);
      const [predicted, lower] = all(pending).slice(-4) as [number, number];
      expect(Math.abs(predicted - lower - 0.1)).toBeLessThan(1e-4);
    }
  });

  it("is exact for a series that stays, jumps and stays", () => {
    const pending = new PendingForecasts(4);
    for (const value of [0.1, 0.1, 57.3, 57.3]) {
      const given = { dueAt: 1000, predicted: value, lower: value, upper: value, naive: value };
      pending.push(given);
      expect(all(pending).slice(-5)).toEqual([1000, value, value, value, value]);
    }
  });

  it("knows the rounding of a forecast that was counted from other values twice", () => {
    const pending = new PendingForecasts(8);
    const constant = (naive: number) => ({ dueAt: 0, predicted: naive, lower: naive, upper: naive, naive });
    pending.push(constant(1e9));
    pending.push({ ...constant(5.3), upper: 1e7 });
    for (const level of [5, 8]) pending.push(constant(level));
    pending.removeOldest();
    expect(Math.abs(pending.oldest.naive - 5.3)).toBeGreaterThan(1e-6);
    expect(Math.abs(pending.oldest.naive - 5.3)).toBeLessThanOrEqual(pending.roundingOf(5.3));
  });

  it("knows the rounding as long as it has a forecast that was counted from other values", () => {
    const pending = new PendingForecasts(8);
    const constant = (naive: number) => ({ dueAt: 0, predicted: naive, lower: naive, upper: naive, naive });
    const ofFurthest = (furthest: number): number => furthest * 2 ** -23;
    pending.push({ ...constant(0), upper: 64 });
    pending.push(constant(1000));
    expect(pending.roundingOf(1000)).toBe(ofFurthest(64));
    pending.push(constant(3000));
    // The oldest was 1000 away from what it was counted from, the second time.
    expect(pending.roundingOf(3000)).toBe(ofFurthest(64 + 1000));
    pending.removeOldest();
    expect(pending.roundingOf(3000)).toBe(ofFurthest(64 + 1000));
    pending.removeOldest();
    expect(pending.roundingOf(3000)).toBe(0);
    pending.push({ ...constant(7000), upper: 7064 });
    pending.push(constant(9000));
    // What was rounded before the first two were removed no longer counts.
    expect(pending.roundingOf(9000)).toBe(ofFurthest(7064 - 3000));
    while (pending.length > 0) pending.removeOldest();
    pending.push(constant(7));
    expect(pending.roundingOf(7)).toBe(0);
  });

  it("has exact times of forecasts that are hours apart, for days", () => {
    const pending = new PendingForecasts(8);
    const times = Array.from({ length: 24 }, (_, index) => index * (2 ** 22 + 1));
    for (const [index, dueAt] of times.entries()) {
      pending.push({ dueAt, predicted: 5, lower: 4, upper: 6, naive: 5 });
      if (index > 1) expect(taken(pending)?.dueAt).toBe(times[index - 2]);
    }
  });

  it("is the same after it was saved and restored", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (given, capacity) => {
        const pending = new PendingForecasts(capacity);
        for (const [step, [naive, width]] of given.entries())
          pending.push({
            dueAt: step * 9999.5,
            predicted: naive + width,
            lower: naive - width,
            upper: naive + 2 * width,
            naive,
          });
        const saved = pending.saved();
        const restored = new PendingForecasts(capacity);
        restored.restore(saved.pending, saved.from);
        expect(restored.saved()).toEqual(saved);
      }),
    );
  });

  it("restores the newest of what an earlier version saved", () => {
    const pending = new PendingForecasts(2);
    const rows = [10, 20, 30].flatMap((dueAt) => Object.values(forecast(dueAt)));
    pending.restore(Float64Array.from([...rows, 40]));
    expect(all(pending)).toEqual(rows.slice(5));
  });
});

describe("PastForecasts", () => {
  it("keeps the newest, oldest first, and moves their times", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 1e6 })),
        (capacity, dues) => {
          const past = new PastForecasts(capacity);
          for (const dueAt of dues) past.push(forecast(dueAt, -dueAt));
          past.shiftTimes(7);
          expect(past.all()).toEqual(
            dues.slice(-capacity).map((dueAt) => ({ dueAt: dueAt + 7, predicted: 1 - dueAt })),
          );
        },
      ),
    );
  });
});
