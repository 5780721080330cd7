import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanAbsoluteError } from "../../../src/forecast/backtest/errors.ts";
import { horizonGrid, positionOn } from "../../../src/forecast/backtest/horizon-grid.ts";
import type { HorizonWalk } from "../../../src/forecast/backtest/horizon-tests.ts";
import { naiveError } from "../../../src/forecast/backtest/naive-error.ts";
import { walk } from "../../../src/forecast/backtest/walk.ts";
import { members } from "../../../src/forecast/combination/members.ts";
import { linearTrend } from "../../../src/forecast/methods/linear-trend.ts";
import { naive } from "../../../src/forecast/methods/naive.ts";

describe("horizonGrid", () => {
  it("is dense at first and ends at the longest", () => {
    expect(horizonGrid(1)).toEqual([1]);
    expect(horizonGrid(12)).toEqual([1, 2, 4, 8, 12]);
    expect(horizonGrid(100)).toEqual([1, 2, 4, 8, 16, 32, 64, 100]);
  });
});

describe("positionOn", () => {
  it("lies between two horizons, on one, or at an end", () => {
    const grid = [1, 4, 8];
    expect(positionOn(grid, 1)).toEqual({ below: 0, above: 0, share: 0 });
    expect(positionOn(grid, 2)).toMatchObject({ below: 0, above: 1, share: expect.closeTo(1 / 3) });
    expect(positionOn(grid, 4)).toEqual({ below: 1, above: 1, share: 0 });
    expect(positionOn(grid, 99)).toEqual({ below: 2, above: 2, share: 0 });
  });
});

const plain = ({ horizon, actual, age, predicted }: HorizonWalk) => ({
  horizon,
  actual: [...actual],
  age: [...age],
  predicted: [...predicted],
});

describe("walk", () => {
  const stepSeconds = 1;

  it("forecasts each point before it sees it", () => {
    const values = Float64Array.of(1, 2, 4, 8, 16, 32);
    const fitted = naive.fit({ values: values.subarray(0, 2), stepSeconds }, {});
    expect(walk([fitted], values, 2, 2).map(plain)).toEqual([
      { horizon: 1, actual: [4, 8, 16, 32], age: [3, 2, 1, 0], predicted: [2, 4, 8, 16] },
      { horizon: 2, actual: [8, 16, 32], age: [2, 1, 0], predicted: [2, 4, 8] },
    ]);
    expect(fitted.at(1)).toBe(32);
  });

  it("asks a method that forecasts the same at every horizon once", () => {
    const asked: number[] = [];
    const constant = { update: () => {}, at: (steps: number) => asked.push(steps), isConstant: true };
    const walks = walk([constant], Float64Array.of(1, 2, 3, 4, 5, 6), 3, 2);
    expect(asked).toEqual([1, 1, 1]);
    expect(walks.map(plain).map(({ predicted }) => predicted)).toEqual([
      [1, 2, 3],
      [1, 2],
    ]);
  });

  it("keeps the forecasts of several methods side by side", () => {
    const values = Float64Array.from({ length: 9 }, (_, index) => index);
    const seen = { values: values.subarray(0, 6), stepSeconds };
    const [first] = walk([naive.fit(seen, {}), linearTrend.fit(seen, {})], values, 6, 1);
    expect(Array.from(first?.predicted ?? [], Math.round)).toEqual([5, 6, 6, 7, 7, 8]);
  });

  it("tests no horizon longer than a third of the series, and compares nothing with a gap", () => {
    const gap = Number.NaN;
    const values = Float64Array.of(1, 2, gap, 4, gap, 6, 7);
    const walks = walk([naive.fit({ values: [1], stepSeconds }, {})], values, 1, 100);
    expect(walks.map(({ horizon }) => horizon)).toEqual([1, 2]);
    expect(walks.map(plain).map(({ actual }) => actual)).toEqual([[2, 4, 6, 7], [7]]);
  });

  it("leads every member of auto to where single updates lead it, through any gaps", () => {
    const value = fc.oneof(
      // Adding 0 makes -0 equal to 0, whose order does not matter.
      fc.double({ min: -5, max: 5, noNaN: true }).map((number) => number + 0),
      fc.integer({ min: 0, max: 2 }),
      fc.constant(Number.NaN),
    );
    const history = fc.array(value, { minLength: 2, maxLength: 90, size: "max" });
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 20 }), (rest, start) => {
        const values = Float64Array.of(1, ...rest);
        const seen = { values: values.subarray(0, Math.min(start, values.length)), stepSeconds };
        for (const { method, parameters } of members) {
          const [walked, stepped] = [method.fit(seen, parameters), method.fit(seen, parameters)];
          const [walkOfOne] = walk([walked], values, seen.values.length, 4);
          const origins = [...values.keys()].filter(
            (index) => index >= seen.values.length && !Number.isNaN(values[index]),
          );
          const said: number[] = [];
          for (let index = seen.values.length; index < values.length; index++) {
            if (origins.includes(index)) said.push(stepped.at(1));
            stepped.update(values[index] as number);
          }
          expect([...(walkOfOne?.predicted ?? [])]).toEqual(said);
          for (const next of [2, Number.NaN, -1]) {
            expect([1, 9].map((steps) => walked.at(steps))).toEqual([1, 9].map((steps) => stepped.at(steps)));
            walked.update(next);
            stepped.update(next);
          }
        }
      }),
    );
  });

  it("thins the origins of a long series but keeps the newest", () => {
    const values = Float64Array.from({ length: 10_000 }, (_, index) => index);
    const [first] = walk([naive.fit({ values: [0], stepSeconds }, {})], values, 1, 1);
    expect(first?.actual.length).toBeLessThanOrEqual(150);
    expect(first?.actual.length).toBeGreaterThan(100);
    expect(first?.age.at(-1)).toBe(0);
  });
});

describe("naiveError", () => {
  it("is the mean absolute error of a walk of naive, for any series with gaps", () => {
    const value = fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 400, size: "max" }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 60 }),
        (rest, start, horizonSteps) => {
          const values = Float64Array.of(1, ...rest);
          const first = Math.min(start, values.length);
          const fitted = naive.fit({ values: values.subarray(0, first), stepSeconds: 1 }, {});
          const errors = walk([fitted], values, first, horizonSteps).map(
            ({ horizon, actual, age, predicted }) => ({
              horizon,
              errors: actual.map((value, origin) => value - (predicted[origin] as number)),
              age,
            }),
          );
          expect(naiveError(values, first, horizonSteps)).toBe(meanAbsoluteError(errors));
        },
      ),
    );
  });
});

describe("meanAbsoluteError", () => {
  it("weighs all errors equally, and is 0 without errors", () => {
    const horizons = [
      { horizon: 1, errors: Float64Array.of(1, -3), age: Int32Array.of(1, 0) },
      { horizon: 2, errors: Float64Array.of(5), age: Int32Array.of(0) },
    ];
    expect(meanAbsoluteError(horizons)).toBe(3);
    expect(meanAbsoluteError([])).toBe(0);
  });
});
