import fc from "fast-check";
import { expect, it } from "vitest";
import { KnownRange } from "../../../src/alerts/state/known-range.ts";

const HOUR = 3_600_000;
const hourOf = (at: number): number => Math.floor(at / HOUR);

it("holds nothing before the first value", () => {
  const { lowest, highest } = new KnownRange();
  expect([lowest, highest]).toEqual([Infinity, -Infinity]);
});

it("is that of the values in this hour and the 23 before", () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 * HOUR }), fc.integer()), { minLength: 1 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 * HOUR }), steps, (start, given) => {
      const range = new KnownRange();
      const seen: { hour: number; value: number }[] = [];
      let at = start;
      for (const [millis, value] of given) {
        at += millis;
        range.add(at, value);
        seen.push({ hour: hourOf(at), value });
        const known = seen.filter(({ hour }) => hour > hourOf(at) - 24).map((it) => it.value);
        expect([range.lowest, range.highest]).toEqual([Math.min(...known), Math.max(...known)]);
      }
    }),
  );
});

it("forgets an hour with the first value a day after it began", () => {
  const range = new KnownRange();
  range.add(HOUR - 1, 90);
  range.add(24 * HOUR - 1, 50);
  expect(range.highest).toBe(90);
  range.add(24 * HOUR, 40);
  expect([range.lowest, range.highest]).toEqual([40, 50]);
});
