import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitModel, fitWhole } from "../../src/forecast/fit-model.ts";
import { StillModel } from "../../src/forecast/still-model.ts";

const STEPS = [1, 2, 30, 361];

function fitted(values: readonly (number | null)[], method = "auto") {
  const history = { values: values.map((value) => value ?? Number.NaN), stepSeconds: 10 };
  const options = { method, horizonSteps: 362, bounds: { lower: 0 } };
  const result = fitModel(history, options);
  if (result.state !== "ready") throw new Error("expected a model");
  return { model: result.model, whole: fitWhole(history, options) };
}

const still = (value: number): number[] => Array(12).fill(value);

describe("the model of a series that has never moved", () => {
  it.each([
    ["one value", still(3), "auto", true],
    ["one value and gaps", [3, null, null, ...still(3)], "auto", true],
    ["too few values", still(3).slice(1), "auto", false],
    ["two values", [...still(3), 4, 3], "auto", false],
    ["a method that the user named", still(3), "naive", false],
  ])("is small for %s: %j by %s: %s", (_, values, method, isStill) => {
    expect(fitted(values, method).model instanceof StillModel).toBe(isStill);
  });

  it("forecasts as the whole model does, before and after the series moves", () => {
    const value = fc.oneof(
      fc.constantFrom(0, 1, 0.1, 1e9, 1 / 3),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
    );
    const tail = fc.array(fc.record({ value, isLooked: fc.boolean() }), { maxLength: 25 });
    const series = fc.record({ value, points: fc.integer({ min: 12, max: 400 }), same: fc.nat(20), tail });
    fc.assert(
      fc.property(series, ({ value, points, same, tail }) => {
        const { model, whole } = fitted(Array(points).fill(value));
        const first = Array.from({ length: same }, () => ({ value, isLooked: true }));
        for (const { value: next, isLooked } of [...first, ...tail, { value, isLooked: true }]) {
          for (const one of [model, whole]) one.update(next);
          if (!isLooked) continue;
          for (const step of STEPS) closeTo(model.predictAt(step), whole.predictAt(step));
          expect([model.method, model.errorVersusNaive]).toEqual([whole.method, whole.errorVersusNaive]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("predicts a path of one value, within the bounds", () => {
    const { model } = fitted(still(-2));
    const path = model.predict(2);
    expect(Object.values(path).map((values) => [...values])).toEqual(Array(5).fill([0, 0]));
  });

  it("has no seasons to follow until it moves, and then those of the whole model", () => {
    const past = Array.from({ length: 400 }, (_, step) => (step < 100 ? 5 : 5 + 9 * Math.sin(step / 3)));
    const { model, whole } = fitted(still(5));
    expect([model.hasSeasons, model.follow(still(5))]).toEqual([false, true]);
    for (const next of past) for (const one of [model, whole]) one.update(next);
    expect([model.hasSeasons, model.follow(past)]).toEqual([false, false]);
    expect(whole.follow(past)).toBe(false);
  });

  it("leaves out gaps", () => {
    const { model, whole } = fitted(still(5));
    model.update(Number.NaN);
    expect(model.predictAt(1).upper95).toBe(5);
    for (const one of [model, whole]) one.update(7);
    model.update(Number.NaN);
    whole.update(Number.NaN);
    closeTo(model.predictAt(3), whole.predictAt(3));
  });
});

/** The numbers are equal but for rounding: the whole model scales them. */
function closeTo(actual: object, expected: object): void {
  for (const [key, value] of Object.entries(expected))
    expect(Math.abs(Number(actual[key as keyof typeof actual]) - value)).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(value)),
    );
}
