import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitModel } from "../../../src/forecast/fit-model.ts";
import type { FitOptions } from "../../../src/forecast/fit-options.ts";
import type { ForecastModel } from "../../../src/forecast/forecast-model.ts";
import { findSeasons, hasSeasons, patternsOf } from "../../../src/forecast/seasons/find-seasons.ts";

const STEP = { stepSeconds: 10 };

function noise(length: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  });
}

/** Noise, with a peak at one phase of twenty. */
function peaks(length: number, phase: number, seed = 1): Float64Array {
  return Float64Array.from(noise(length, seed), (value, index) => value + (index % 20 === phase ? 10 : 0));
}

function modelOf(values: Float64Array, more: Partial<FitOptions> = {}): ForecastModel {
  const fit = fitModel({ values, ...STEP }, { method: "auto", horizonSteps: 20, ...more });
  if (fit.state !== "ready") throw new Error(fit.state);
  return fit.model;
}

/** The steps at which a model forecasts a peak. */
function peaksOf(model: ForecastModel): number[] {
  const { mean } = model.predict(20);
  return [...mean.keys()].filter((step) => (mean[step] as number) > 5);
}

/** A model that was fitted to some values, has taken others since, and their common past. */
function fittedThenFed(before: Float64Array, after: Float64Array) {
  const model = modelOf(before);
  for (const value of after) model.update(value);
  return { model, past: Float64Array.from([...before, ...after]).slice(-before.length) };
}

describe("a model with a season", () => {
  it("knows where its peaks are now, once it has followed them", () => {
    const { model, past } = fittedThenFed(peaks(360, 3), peaks(160, 11, 2));
    expect(peaksOf(model)).toEqual([3]);
    expect(model.follow(past)).toBe(true);
    expect(peaksOf(model)).toEqual([11]);
    for (const value of peaks(7, 11)) model.update(value);
    expect(peaksOf(model)).toEqual([4]);
  });

  it("stays as it is, and asks for a new fit, when its season is gone", () => {
    const { model, past } = fittedThenFed(peaks(360, 3), Float64Array.from(noise(340)));
    const before = model.predict(20);
    expect(model.follow(past)).toBe(false);
    expect(model.predict(20)).toEqual(before);
  });

  it("asks for a new fit when two cycles are no longer there", () => {
    expect(modelOf(peaks(360, 3)).follow(peaks(39, 3))).toBe(false);
  });

  it("begins its past at the first value that is not a gap", () => {
    const { model, past } = fittedThenFed(peaks(360, 3), peaks(160, 11, 2));
    expect(model.follow(Float64Array.from([...Array(7).fill(Number.NaN), ...past.slice(7)]))).toBe(true);
    expect(peaksOf(model)).toEqual([11]);
  });
});

describe("a model without a season", () => {
  it("stays as it is while none is found", () => {
    const { model, past } = fittedThenFed(Float64Array.from(noise(360)), Float64Array.from(noise(160, 2)));
    const before = model.predict(20);
    expect(model.follow(past)).toBe(true);
    expect(model.predict(20)).toEqual(before);
  });

  it("asks for a new fit when one has appeared", () => {
    const { model, past } = fittedThenFed(Float64Array.from(noise(360)), peaks(300, 3));
    expect(model.follow(past)).toBe(false);
  });
});

it("is followed by no model of a named method or of a total", () => {
  for (const more of [{ method: "damped-holt" }, { method: "seasonal-naive" }, { isTotal: true }]) {
    const model = modelOf(
      peaks(360, 3).map((value, index) => value + 20 * index),
      more,
    );
    expect([model.isLasting, model.hasSeasons, model.follow(peaks(360, 3))]).toEqual([false, false, false]);
  }
  expect(modelOf(peaks(360, 3))).toMatchObject({ isLasting: true, hasSeasons: true });
  expect(modelOf(Float64Array.from(noise(360)))).toMatchObject({ isLasting: true, hasSeasons: false });
});

/** Random series with and without seasons, and with gaps. */
const anySeries = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    length: fc.integer({ min: 1, max: 400 }),
    sizes: fc.array(
      fc.record({
        period: fc.integer({ min: 2, max: 90 }),
        size: fc.double({ min: 0, max: 2, noNaN: true }),
      }),
      {
        maxLength: 3,
      },
    ),
    gapEvery: fc.integer({ min: 3, max: 1000 }),
  })
  .map(({ seed, length, sizes, gapEvery }) =>
    Float64Array.from(noise(length, seed), (value, index) =>
      index % gapEvery === 2
        ? Number.NaN
        : value +
          sizes.reduce((sum, { period, size }) => sum + size * Math.sin((2 * Math.PI * index) / period), 0),
    ),
  );

describe("the seasons of any series", () => {
  it("are there when a search for all of them finds some", () => {
    fc.assert(
      fc.property(anySeries, (values) => {
        const history = { values, ...STEP };
        expect(hasSeasons(history)).toBe(findSeasons(history).patterns.length > 0);
      }),
    );
  });

  it("have the patterns that the search has found", () => {
    fc.assert(
      fc.property(anySeries, (values) => {
        const { patterns } = findSeasons({ values, ...STEP });
        expect(
          patternsOf(
            values,
            patterns.map(({ period }) => period),
          ),
        ).toEqual(patterns);
      }),
    );
  });
});
