import { expect, it } from "vitest";
import { closed, millisPassed, nextCrossing } from "../../../src/alerts/state/crossing.ts";

const PAUSE = 100;

it("is absent until the level passes the threshold, and then counts how long it is past it", () => {
  expect(nextCrossing(undefined, false, 5, PAUSE)).toBeUndefined();
  const first = nextCrossing(undefined, true, 10, PAUSE);
  expect(first).toEqual({ at: 10, millis: 0, since: 10 });
  expect(first && millisPassed(first, 25)).toBe(15);
  expect(nextCrossing(first, true, 30, PAUSE)).toBe(first);
});

it("adds up the times past the threshold; after a pause a new crossing begins", () => {
  const back = nextCrossing({ at: 10, millis: 0, since: 10 }, false, 30, PAUSE);
  expect(back).toEqual({ at: 10, millis: 20, until: 30 });
  expect(nextCrossing(back, false, 40, PAUSE)).toBe(back);
  expect(back && millisPassed(back, 90)).toBe(20);
  expect(nextCrossing(back, true, 129, PAUSE)).toEqual({ at: 10, millis: 20, since: 129 });
  expect(nextCrossing(back, true, 130, PAUSE)).toEqual({ at: 130, millis: 20, since: 130 });
});

it("ends with its alert", () => {
  expect(closed({ at: 10, millis: 5, since: 20 }, 50)).toEqual({ at: 10, millis: 35, until: 50 });
});
