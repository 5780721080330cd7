import { describe, expect, it } from "vitest";
import type { PredictedStep } from "../../../src/core/model.ts";
import { Surprises } from "../../../src/engine/review/surprises.ts";

/** The forecast of a series around 50 with a standard deviation of 1. */
const usual: PredictedStep = { lower95: 48.04, lower80: 48.7184, mean: 50, upper80: 51.2816, upper95: 51.96 };
const STEADY = [50.5, 49.2, 50.1, 49.6, 50.9, 49.9, 50.3, 49.4];

/** Takes the values; each surprise is followed by a new model at once. Returns where they were. */
function surprisesIn(values: readonly number[], surprises = new Surprises()): number[] {
  return values.flatMap((value, index) => {
    surprises.take(value, usual);
    if (!surprises.isDue) return [];
    surprises.refitted();
    return [index];
  });
}

function times(count: number, value: number): number[] {
  return new Array<number>(count).fill(value);
}

/** What new models expect after a change to 60. */
const changed: PredictedStep = { lower95: 58, lower80: 58.7, mean: 60, upper80: 61.3, upper95: 62 };

/** Takes a change to 60, which each new model expects. Returns its ages at which a new model was asked for. */
function agesOfChange(surprises: Surprises): number[] {
  surprises.take(60, usual);
  const ages: number[] = [];
  for (let age = 1; age < 40; age++) {
    if (surprises.isDue) ages.push(age);
    surprises.refitted();
    surprises.take(60, changed);
  }
  return ages;
}

describe("values as expected", () => {
  it("are no surprise", () => {
    expect(surprisesIn(Array.from({ length: 20 }, () => STEADY).flat())).toEqual([]);
  });

  it("are none when they are outside of the interval for once", () => {
    expect(surprisesIn([...STEADY, 53, ...STEADY, 47, ...STEADY])).toEqual([]);
  });

  it.for([
    { value: 54.98, index: [] },
    { value: 55.02, index: [8] },
    { value: 45.02, index: [] },
    { value: 44.98, index: [8] },
  ])("are one from five standard deviations on, and not before: $value", ({ value, index }) => {
    expect(surprisesIn([...STEADY, value])).toEqual(index);
  });

  it("are none when they are constant, and expected so, with intervals without a width", () => {
    const surprises = new Surprises();
    const expected = { lower95: 5, lower80: 5, mean: 5, upper80: 5, upper95: 5 };
    for (let taken = 0; taken < 100; taken++) surprises.take(5, expected);
    expect(surprises.isDue).toBe(false);
    surprises.take(5.1, expected);
    expect(surprises.isDue).toBe(true);
  });

  it("are none when they are gaps", () => {
    expect(surprisesIn(times(20, Number.NaN))).toEqual([]);
  });
});

describe("a change", () => {
  it("is a surprise at once when it is large, and again when it is better known", () => {
    expect(surprisesIn([...STEADY, ...times(40, 60)].slice(0, 8 + 16))).toEqual([
      8, 9, 10, 11, 12, 13, 14, 15,
    ]);
  });

  it("is better known at the ages of 2, 4, 8 and 16 when the new models expect the new values", () => {
    const surprises = new Surprises();
    expect(agesOfChange(surprises)).toEqual([1, 2, 4, 8, 16]);
  });

  it("is a surprise at its second value when it is small", () => {
    expect(surprisesIn([...STEADY, 52.5, 52.5])).toEqual([9]);
    expect(surprisesIn([...STEADY, 52.5, 47.5])).toEqual([]);
  });

  it("is a surprise when many values are a little on one side", () => {
    const [at] = surprisesIn([...STEADY, ...times(12, 51.3)]);
    expect(at).toBeGreaterThan(8 + 3);
    expect(at).toBeLessThan(8 + 8);
  });

  it("that was one outlier is surprising twice: when it comes, and when it ends", () => {
    expect(surprisesIn([...STEADY, 60, ...STEADY, ...STEADY])).toEqual([8, 9]);
  });
});

describe("what happens often", () => {
  const SPIKE = [...STEADY, 60, ...STEADY, ...STEADY];

  it("is no surprise: after a few spikes, the next one asks for no new model", () => {
    const surprises = new Surprises();
    const asked = Array.from({ length: 8 }, () => surprisesIn(SPIKE, surprises).length);
    expect(asked).toEqual([2, 2, 0, 0, 0, 0, 0, 0]);
  });

  it("is a surprise again when it has not happened for long", () => {
    const surprises = new Surprises();
    for (let count = 0; count < 4; count++) surprisesIn(SPIKE, surprises);
    for (let count = 0; count < 100; count++) surprisesIn(STEADY, surprises);
    expect(surprisesIn(SPIKE, surprises)).toEqual([8, 9]);
  });

  it("keeps a change that lasts surprising, when it has lasted longer than most", () => {
    const surprises = new Surprises();
    for (let count = 0; count < 6; count++) surprisesIn(SPIKE, surprises);
    expect(agesOfChange(surprises)).toEqual([8, 16]);
    for (const value of [50, 50]) surprises.take(value, changed);
    expect(surprises.isDue).toBe(true);
  });

  it("is no surprise: after a few drifts, a drift must be larger", () => {
    const surprises = new Surprises();
    const lengths = Array.from({ length: 3 }, () => {
      let length = 0;
      for (; !surprises.isDue; length++) surprises.take(51.3, usual);
      surprises.refitted();
      return length;
    });
    expect(lengths[1]).toBeGreaterThan((lengths[0] as number) + 2);
    expect(lengths[2]).toBeGreaterThan((lengths[1] as number) + 2);
  });

  it("is known after a restart", () => {
    const surprises = new Surprises();
    for (let count = 0; count < 4; count++) surprisesIn(SPIKE, surprises);
    const restored = new Surprises();
    restored.restore(surprises.saved());
    expect(surprisesIn(SPIKE, restored)).toEqual([]);
  });
});

describe("the number of surprises", () => {
  it("is limited for a series that no model fits", () => {
    const values = Array.from({ length: 3000 }, (_, index) => (index % 7 < 3 ? 80 : 20));
    const count = surprisesIn(values).length;
    expect(count).toBeGreaterThan(50);
    expect(count).toBeLessThan(3000 / 60 + 9);
  });

  it("is smaller for a model that lasts, but as large for one change", () => {
    const values = Array.from({ length: 3000 }, (_, index) => (index % 7 < 3 ? 80 : 20));
    const surprises = new Surprises();
    surprises.compareWith({ lasts: true });
    const count = surprisesIn(values, surprises).length;
    expect(count).toBeGreaterThan(12);
    expect(count).toBeLessThan(3000 / 240 + 9);
    surprisesIn(Array.from({ length: 240 }, () => STEADY).flat(), surprises);
    expect(surprisesIn(times(40, 60), surprises).length).toBe(8);
    surprises.compareWith({ lasts: false });
    expect(surprisesIn(values, surprises).length).toBeGreaterThan(45);
  });

  it("leaves some for a change that lasts when there are many outliers", () => {
    const outliers = Array.from({ length: 50 }, () => [...STEADY, 80]).flat();
    const surprises = new Surprises();
    surprisesIn(outliers, surprises);
    expect(surprisesIn(times(20, 60), surprises).length).toBeGreaterThan(2);
  });

  it("does not count values that come while a new model is awaited", () => {
    const surprises = new Surprises();
    for (let taken = 0; taken < 20; taken++) surprises.take(60, usual);
    expect(surprises.isDue).toBe(true);
    surprises.refitted();
    expect(surprises.isDue).toBe(false);
    expect(surprisesIn(times(20, 60), surprises).length).toBeGreaterThan(4);
  });
});
