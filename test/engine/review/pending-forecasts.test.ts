import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  PastForecasts,
  type PendingForecast,
  PendingForecasts,
} from "../../../src/engine/review/pending-forecasts.ts";

function forecast(dueAt: number): PendingForecast {
  return { dueAt, predicted: dueAt + 1, lower: dueAt + 2, upper: dueAt + 3, naive: dueAt + 4 };
}

describe("PendingForecasts", () => {
  it("is first in, first out", () => {
    const pending = new PendingForecasts(8);
    for (const dueAt of [10, 20]) pending.push(forecast(dueAt));
    expect(pending.nextDueAt).toBe(10);
    expect(pending.shift()).toEqual(forecast(10));
    expect(pending.nextDueAt).toBe(20);
    expect(pending.shift()).toEqual(forecast(20));
    expect([pending.nextDueAt, pending.shift(), pending.length]).toEqual([undefined, undefined, 0]);
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
            expect(pending.shift()).toEqual(list.shift());
          }
          expect(pending.length).toBe(list.length);
          expect(pending.nextDueAt).toBe(list[0]?.dueAt);
        }
      }),
    );
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
          for (const dueAt of dues) past.push({ dueAt, predicted: -dueAt });
          past.shiftTimes(7);
          expect(past.all()).toEqual(
            dues.slice(-capacity).map((dueAt) => ({ dueAt: dueAt + 7, predicted: -dueAt })),
          );
        },
      ),
    );
  });
});
