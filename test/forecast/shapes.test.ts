import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bounds } from "../../src/core/bounds.ts";
import type { PredictedStep } from "../../src/core/model.ts";
import { fitModel } from "../../src/forecast/fit-model.ts";
import type { ForecastModel } from "../../src/forecast/forecast-model.ts";

/** What has to hold for every shape that a series has in its first hour, however strange. */

const HORIZONS = [1, 5, 30, 150, 300];
const FROM_ZERO: Bounds = { lower: 0 };

/** A part of a series: it starts at a level, climbs or falls, and may be noisy. */
interface Piece {
  readonly points: number;
  readonly level: number;
  readonly slope: number;
  readonly noise: readonly number[];
}

const anyPiece: fc.Arbitrary<Piece> = fc.record({
  points: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 10, max: 80 })),
  level: fc.integer({ min: 0, max: 1000 }),
  slope: fc.oneof(fc.constant(0), fc.integer({ min: -30, max: 30 })),
  noise: fc.oneof(
    fc.constant([0]),
    fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 7, maxLength: 31 }),
  ),
});

const anyScale = fc.constantFrom(1e-6, 0.01, 1, 1024, 1e9);

/** A series of a few pieces, such as a ramp that falls, a level that shifts or a queue that begins to grow. */
const anyShape = fc
  .tuple(fc.array(anyPiece, { minLength: 1, maxLength: 5 }), fc.integer({ min: 12, max: 300 }), anyScale)
  .map(([pieces, length, scale]) => {
    const values = pieces.flatMap(({ points, level, slope, noise }) =>
      Array.from({ length: points }, (_, index) =>
        Math.max(0, level + slope * index + (noise[index % noise.length] as number)),
      ),
    );
    const padded = [
      ...new Array<number>(Math.max(0, 12 - values.length)).fill(values[0] as number),
      ...values,
    ];
    return padded.slice(-length).map((value) => value * scale);
  });

function fitted(values: readonly number[], bounds: Bounds): ForecastModel {
  const result = fitModel({ values, stepSeconds: 2 }, { method: "auto", horizonSteps: 300, bounds });
  if (result.state !== "ready") throw new Error(JSON.stringify(result));
  return result.model;
}

/** A model that was fitted some points ago and has been updated since, as in a process. */
function updated(values: readonly number[], bounds: Bounds): ForecastModel {
  const model = fitted(values.slice(0, Math.max(12, Math.floor(values.length / 1.5))), bounds);
  for (const value of values.slice(Math.max(12, Math.floor(values.length / 1.5)))) model.update(value);
  return model;
}

const ways = { fitted, updated };

/** More than the relative error of what the combination stores. */
const SINGLE_PRECISION = 1e-6;

/** The furthest that a forecast may lie from what was seen: a trend is trusted as far as it was seen. */
function isPlausible(values: readonly number[], steps: number, forecast: PredictedStep): boolean {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const reach = 2 * (high - low) * Math.max(1, steps / values.length) * (1 + SINGLE_PRECISION);
  return forecast.mean >= low - reach && forecast.mean <= high + reach;
}

function hasMoved(values: readonly number[]): boolean {
  const recent = values.slice(-Math.ceil(values.length / 2) - 1);
  return recent.some((value) => value !== recent[0]);
}

describe.each(Object.entries(ways))("auto, %s to any shape", (_, modelOf) => {
  it("is finite and in order", () => {
    fc.assert(
      fc.property(anyShape, fc.constantFrom({}, FROM_ZERO), (values, bounds) => {
        const model = modelOf(values, bounds);
        for (const steps of HORIZONS) {
          const { mean, lower80, upper80, lower95, upper95 } = model.predictAt(steps);
          const inOrder = [lower95, lower80, mean, upper80, upper95];
          expect(inOrder.every(Number.isFinite)).toBe(true);
          expect(inOrder).toEqual(inOrder.toSorted((one, other) => one - other));
        }
      }),
    );
  });

  it("is plausible", () => {
    fc.assert(
      fc.property(anyShape, fc.constantFrom({}, FROM_ZERO), (values, bounds) => {
        const model = modelOf(values, bounds);
        for (const steps of HORIZONS) {
          const forecast = model.predictAt(steps);
          expect({ steps, forecast, plausible: isPlausible(values, steps, forecast) }).toMatchObject({
            plausible: true,
          });
        }
      }),
    );
  });

  it("is never negative for what cannot be", () => {
    fc.assert(
      fc.property(anyShape, (values) => {
        const model = modelOf(values, FROM_ZERO);
        for (const steps of HORIZONS) {
          const { mean, lower80, lower95 } = model.predictAt(steps);
          expect(Math.min(mean, lower80, lower95)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("has an interval with a width for a series that moves", () => {
    fc.assert(
      fc.property(anyShape.filter(hasMoved), fc.constantFrom({}, FROM_ZERO), (values, bounds) => {
        const model = modelOf(values, bounds);
        for (const steps of HORIZONS) {
          const { lower80, upper80 } = model.predictAt(steps);
          expect(upper80 - lower80).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("auto", () => {
  // The values without the season have a larger range than those with it.
  it("is plausible when a series with a season stops and starts again", () => {
    const season = [36, 55, 26, 36, 16, 40, 36];
    const values = [...season, ...season, ...season, ...season, 36, 55, 0, 0, 0, 55, 58];
    const model = fitted([...values.slice(0, 30)], {});
    for (const value of values.slice(30)) model.update(value);
    for (const each of [model, fitted(values, {})])
      for (const steps of [...Array(300).keys()].map((step) => step + 1)) {
        const forecast = each.predictAt(steps);
        expect({ steps, forecast, plausible: isPlausible(values, steps, forecast) }).toMatchObject({
          plausible: true,
        });
      }
  });

  it.each([0, 1, 2, 4])(
    "forecasts memory near what was seen, %d points after a garbage collection",
    (ago) => {
      const before = Array.from({ length: 220 }, (_, index) => 145e6 + index * 1.2e6);
      const after = Array.from({ length: ago + 1 }, (_, index) => 339e6 + index * 1.2e6);
      const values = [...before, ...after];
      const { mean, lower80, upper80 } = fitted(values, {}).predictAt(150);
      expect(mean).toBeGreaterThan(145e6);
      expect(mean).toBeLessThan(600e6);
      expect(lower80).toBeGreaterThan(0);
      expect(upper80).toBeLessThan(1e9);
    },
  );

  it.each([2, 3, 6])("follows a constant that changed %d points ago", (ago) => {
    const values = [...new Array<number>(60).fill(4), ...new Array<number>(ago).fill(9)];
    for (const steps of [1, 30]) {
      const { mean, lower80, upper80 } = fitted(values, FROM_ZERO).predictAt(steps);
      expect(Math.abs(mean - 9)).toBeLessThan(0.5);
      expect(lower80).toBeLessThanOrEqual(9);
      expect(upper80).toBeGreaterThanOrEqual(9);
    }
  });
});
