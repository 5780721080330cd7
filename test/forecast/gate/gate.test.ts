import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatedWeights } from "../../../src/forecast/gate/gate.ts";
import { GateNet } from "../../../src/forecast/gate/gate-net.ts";
import { gateRows, measureOf } from "../../../src/forecast/gate/gate-rows.ts";
import { WidenedIntervals } from "../../../src/forecast/gate/widened-intervals.ts";

const walks = (horizons: readonly number[]) =>
  horizons.map((horizon) => ({
    horizon,
    actual: new Float64Array(1),
    age: new Int32Array(1),
    predicted: new Float64Array(1),
  }));
const evidence = {
  values: Float64Array.of(1, 2, 5, Number.NaN),
  horizonSteps: 30,
  walks: walks([1, 2, 4]),
  weights: [],
  ratios: [],
  usualErrors: [0.5, 1, 2],
  changeShares: [0, 0, 0],
  forecastAt: () => 0,
};

describe("gatedWeights", () => {
  it("are those by errors when the net is silent, but for the floor", () => {
    const weights = gatedWeights(Float64Array.of(3, 1, 0), new Float64Array(7));
    // .75 (.75 + .001) / 1.003 + .25 x .75
    expect(weights[0]).toBeCloseTo(0.749065, 6);
    expect(weights[2]).toBeCloseTo(0.000748, 6);
  });

  it("keep a quarter of the weights by errors, whatever the net says", () => {
    const weights = gatedWeights(Float64Array.of(1, 1), Float64Array.of(1000, -1000));
    expect(Array.from(weights)).toEqual([0.875, 0.125]);
  });

  it("are those by errors where these decide alone", () => {
    const weights = gatedWeights(Float64Array.of(3, 1), Float64Array.of(-5, 5), 1);
    expect(Array.from(weights)).toEqual([0.75, 0.25]);
  });

  it("have a sum of 1", () => {
    const some = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -50, max: 50, noNaN: true })),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(some, (pairs) => {
        const byErrors = Float64Array.of(1, ...pairs.map(([weight]) => weight));
        const weights = gatedWeights(byErrors, Float64Array.of(0, ...pairs.map(([, logit]) => logit)));
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        expect(weights.every((weight) => weight >= 0)).toBe(true);
      }),
    );
  });
});

describe("GateNet", () => {
  it("adds what the second layer says to the first, and ends in a head of each horizon", () => {
    const layer = (rows: number, columns: number, weights: number[], biases: number[]) => ({
      rows,
      columns,
      weights: Float32Array.from(weights),
      biases: Float32Array.from(biases),
    });
    const net = new GateNet({
      first: layer(2, 1, [1, -1], [0, 0]),
      second: layer(2, 2, [2, 0, 0, 2], [1, -9]),
      head: layer(1, 3, [1, 1, 10], [0]),
      output: layer(2, 1, [1, -1], [0, 0.5]),
      inputMean: Float32Array.of(1, 0),
      inputScale: Float32Array.of(2, 1),
    });
    // (3 - 1) 2 = 4: the first layer says 4 and 0, the second 9 and 0, together 13; with 10 x .5 it is 18.
    net.see(Float32Array.of(3));
    expect(Array.from(net.at(Float32Array.of(0.5)))).toEqual([18, -17.5]);
    // An input is limited to 5.
    expect(Array.from(net.at(Float32Array.of(800)))).toEqual([63, -62.5]);
    expect(Array.from(net.at(Float32Array.of(-800)))).toEqual([0, 0.5]);
  });
});

describe("gateRows", () => {
  it("go on beyond the tested horizons, up to four times the longest", () => {
    expect(gateRows(evidence)).toEqual([
      { row: 0, horizon: 1 },
      { row: 1, horizon: 2 },
      { row: 2, horizon: 4 },
      { row: 2, horizon: 8 },
      { row: 2, horizon: 16 },
    ]);
  });

  it("end at the horizon that is asked for", () => {
    const horizons = gateRows({ ...evidence, horizonSteps: 6 }).map(({ horizon }) => horizon);
    expect(horizons).toEqual([1, 2, 4, 6]);
    expect(gateRows({ ...evidence, horizonSteps: 4 })).toHaveLength(3);
  });
});

describe("measureOf", () => {
  it("is the last value, and the usual error one step ahead", () => {
    expect(measureOf(evidence)).toEqual({ last: 5, unit: 0.5 });
    expect(measureOf({ ...evidence, usualErrors: [1e-9] }).unit).toBe(1e-3);
  });
});

describe("WidenedIntervals", () => {
  it("moves each bound by its factor, between horizons by what lies between", () => {
    const inner = { at: () => ({ lower95: -4, lower80: -2, upper80: 2, upper95: 4 }) };
    const factors = Float32Array.of(1, 1, 1, 1, 2, 3, 4, 5);
    const intervals = new WidenedIntervals(inner, { horizons: [1, 3], factors });
    expect(intervals.at(1)).toEqual({ lower95: -4, lower80: -2, upper80: 2, upper95: 4 });
    expect(intervals.at(2)).toEqual({ lower95: -6, lower80: -4, upper80: 5, upper95: 12 });
    expect(intervals.at(9)).toEqual({ lower95: -8, lower80: -6, upper80: 8, upper95: 20 });
  });
});
