import { describe, expect, it } from "vitest";
import { GrowthAtScale } from "../../../src/alerts/state/growth-at-scale.ts";
import { SteadyGrowth } from "../../../src/alerts/state/steady-growth.ts";

const HORIZON = 300;

/** The indexes of the values, ten seconds apart, at which growth reaches a limit. */
function found(values: readonly number[], direction: "above" | "below" = "above", limit = 100): number[] {
  const growth = new SteadyGrowth({ direction, value: limit }, HORIZON);
  return values.flatMap((value, index) => {
    growth.observe({ at: index * 10_000, value });
    return growth.secondsToThreshold === undefined ? [] : [index];
  });
}

/** Where growth reaches a limit if its level is not smoothed, and in how many seconds. */
function foundFrom(values: readonly number[], limit: number): { index: number; seconds: number }[] {
  const growth = new GrowthAtScale({ direction: "above", value: limit }, HORIZON, 1);
  return values.flatMap((value, index) => {
    growth.observe({ at: 1e9 + index * 10_000, value });
    const seconds = growth.secondsToThreshold;
    return seconds === undefined ? [] : [{ index, seconds: Math.round(seconds) }];
  });
}

const line = Array.from({ length: 80 }, (_, index) => index);
const calm = Array.from({ length: 60 }, (_, index) => 10 + (index % 3));
const growing = (count: number, step: number): number[] =>
  Array.from({ length: count }, (_, index) => 12 + step * index + (index % 3));

describe("SteadyGrowth", () => {
  it("finds growth out of calm before it reaches the limit", () => {
    const values = [...calm, ...growing(45, 2)];
    const passes = values.findIndex((value) => value > 100);
    const [first] = found(values) as [number];
    expect(first).toBeLessThan(passes - 9);
    // Half of the time of the growth is continued: two thirds of the way are needed.
    expect(values[first]).toBeGreaterThan(60);
  });

  it("estimates when the limit is passed", () => {
    const growth = new SteadyGrowth({ direction: "above", value: 100 }, HORIZON);
    for (const [index, value] of [...calm, ...growing(35, 2)].entries())
      growth.observe({ at: index * 10_000, value });
    // At 81 with noise; 2 in each 10 seconds.
    expect(growth.secondsToThreshold).toBeGreaterThan(70);
    expect(growth.secondsToThreshold).toBeLessThan(120);
  });

  it("knows when the limit is passed if the growth is a line", () => {
    const growth = new SteadyGrowth({ direction: "above", value: 100 }, HORIZON);
    const line = Array.from({ length: 36 }, (_, index) => 12 + 2 * index);
    for (const [index, value] of [...calm, ...line].entries()) growth.observe({ at: index * 10_000, value });
    // It is at 82, and grows by 2 in each 10 seconds.
    expect(growth.secondsToThreshold).toBeCloseTo(90, 0);
  });

  it("finds the same for a fall to a limit below", () => {
    const values = [...calm, ...growing(45, 2)];
    expect(
      found(
        values.map((value) => 200 - value),
        "below",
      ),
    ).toEqual(found(values));
  });

  it("does not find a calm series, a step or growth that stopped", () => {
    expect(found([...calm, ...calm])).toEqual([]);
    expect(found([...calm, ...calm.map((value) => value + 70)])).toEqual([]);
    expect(found([...calm, ...growing(20, 2), ...Array.from({ length: 60 }, () => 51)])).toEqual([]);
  });

  it("does not find a fall from beyond the limit", () => {
    expect(found([...calm, ...Array.from({ length: 25 }, (_, index) => 180 - 2 * index)])).toEqual([]);
  });

  it("gives a time or nothing for values whose squares are too large for a number", () => {
    const growth = new SteadyGrowth({ direction: "above", value: 10 }, HORIZON);
    for (let index = 0; index < 150; index += 1) {
      growth.observe({ at: index * 10_000, value: (1e308 / 150) * index });
      expect(growth.secondsToThreshold ?? 0).toBeGreaterThanOrEqual(0);
    }
  });

  it("needs six values of growth, however steep", () => {
    const steep = Array.from({ length: 7 }, (_, index) => 190 + 180 * index);
    const indexes = foundFrom([...calm, ...steep], 1100).map(({ index }) => index);
    expect(indexes).toEqual([calm.length + 5, calm.length + 6]);
  });

  it("takes a line for growth after 20 values, and continues it for half of its time", () => {
    // It has grown for 270 s, to 47: in 135 s more it will have passed 60.
    expect(foundFrom(line, 60)[0]).toEqual({ index: 47, seconds: 130 });
  });

  it("needs a rise by half of what was known, and half of its time before it", () => {
    const indexes = foundFrom(line, 20).map(({ index }) => index);
    // Known are 0 to 19, so 28.5 is high enough; 200 s are known, so 400 s are short enough.
    expect([indexes[0], indexes.at(-1)]).toEqual([29, 60]);
  });

  it("finds unsteady growth later, and single values beyond the limit earlier", () => {
    const known = Array.from({ length: 40 }, (_, index) => (index % 2) * 10);
    const unsteady = Array.from({ length: 60 }, (_, index) => 14 + index + (index % 2) * 5);
    const first = (limit: number) => foundFrom([...known, ...unsteady], limit)[0]?.index;
    expect([20, 44, 50].map(first)).toEqual([51, 55, 61]);
  });

  it.each([
    { rises: 1, most: 12, ahead: 380, goesOn: 10, again: 13 },
    { rises: 8, most: 12, ahead: 380, goesOn: 10, again: 12 },
    { rises: 30, most: 30, ahead: 700, goesOn: 21, again: 23 },
  ])("of $rises values continues after $most without a rise, and is over after one more", (growth) => {
    const { rises, most, ahead, goesOn, again } = growth;
    const rise = Array.from({ length: rises }, (_, index) => 32 + 20 * index);
    const top = rise.at(-1) as number;
    const rest = Array.from({ length: 40 }, (_, index) => top + 20 * (index + 1));
    /** After how many values growth is found that goes on after a pause. */
    const foundAfter = (pause: number): number => {
      const values = [...calm, ...rise, ...Array<number>(pause).fill(top)];
      const [first] = foundFrom([...values, ...rest], top + ahead);
      return (first?.index ?? 0) - values.length;
    };
    expect([most - 1, most, most + 1].map(foundAfter)).toEqual([goesOn, goesOn, again]);
  });

  it("does not find growth in a series that has hardly been seen before", () => {
    expect(found(growing(45, 2).slice(0, 22))).toEqual([]);
  });

  it("knows a level that was reached before without passing the limit", () => {
    const up = growing(38, 2);
    const job = [...up, ...up.toReversed(), ...calm];
    const values = [...calm, ...job, ...job, ...job];
    expect(found(values).every((index) => index < calm.length + job.length)).toBe(true);
    expect(found(values).length).toBeGreaterThan(0);
  });

  it("ignores values that are not finite or go back in time", () => {
    const growth = new SteadyGrowth({ direction: "above", value: 100 }, HORIZON);
    const values = [...calm, ...growing(38, 2)];
    for (const [index, value] of values.entries()) {
      growth.observe({ at: index * 10_000, value });
      growth.observe({ at: index * 10_000 + 1, value: Number.NaN });
      growth.observe({ at: 0, value: 1000 });
    }
    expect(growth.secondsToThreshold).toBeGreaterThan(0);
  });
});
