import { expect, it } from "vitest";
import { clockFor, valuesSeen } from "../../src/engine/dated-history.ts";
import { localClock } from "../../src/series/local-clock.ts";

it("the values of a history are seen with the middles of their slots", () => {
  const seen: [value: number, at: number][] = [];
  const history = { values: Float64Array.of(1, Number.NaN, 3), stepSeconds: 10, lastAt: 100_000 };
  const take = (value: number, at: number) => {
    seen.push([value, at]);
    return 2 * value;
  };
  expect(valuesSeen(history, { take })).toEqual(Float64Array.of(2, Number.NaN, 6));
  expect(seen).toEqual([
    [1, 80_000],
    [Number.NaN, 90_000],
    [3, 100_000],
  ]);
});

it("a clock has an effect on seasons of whole days, once the history is longer than a day", () => {
  const clock = localClock("Europe/Berlin");
  const of = (season: number | undefined, hours: number) =>
    clockFor({ values: new Float64Array(hours), stepSeconds: 3600, ...(season && { season }) }, clock);
  expect(of(24, 25)).toBe(clock);
  expect(of(168, 25)).toBe(clock);
  expect(of(24, 24)).toBeUndefined();
  expect(of(12, 100)).toBeUndefined();
  expect(of(undefined, 100)).toBeUndefined();
  expect(
    clockFor({ values: new Float64Array(100), stepSeconds: 3600, season: 24 }, undefined),
  ).toBeUndefined();
});
