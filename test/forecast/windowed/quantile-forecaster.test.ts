import { expect, it } from "vitest";
import type { WindowedQuantile } from "../../../src/core/windowed-number.ts";
import { QuantileForecaster } from "../../../src/forecast/windowed/quantile-forecaster.ts";
import { WindowedForecaster } from "../../../src/forecast/windowed/windowed-forecaster.ts";
import { RowTables } from "../../../src/math/row-tables.ts";
import { SimulatedWindow } from "./simulated-window.ts";

it("before anything is known, a percentile is expected to stay that of its window", () => {
  const { span } = new SimulatedWindow("rate", 60);
  const number: WindowedQuantile = {
    kind: "quantile",
    share: 0.95,
    span,
    count: () => 1,
    quantileAfter: () => 1,
  };
  const forecaster = new WindowedForecaster(number, {
    bounds: {},
    stepMillis: 10_000,
    tables: new RowTables(1),
  });
  expect(forecaster.method(10)).toBe("window: values of the window");
  // When nothing of the window is left, no change is hard to beat.
  expect(forecaster.method(300)).toBe("window: no change");
});

/** Of values that are spread evenly from 0 to the number of slices that will have begun. */
function evenly(share: number, count: number): QuantileForecaster {
  const { span } = new SimulatedWindow("rate", 60);
  return new QuantileForecaster({
    kind: "quantile",
    share,
    span: { ...span, coveredSeconds: 60, fullSeconds: 60, ahead: (seconds) => span.ahead(seconds) },
    count: () => count,
    quantileAfter: (quantile, begunSlices) => quantile * begunSlices,
  });
}
const AHEAD = { begunSlices: 6, coveredSeconds: 60, comingSeconds: 60 };

it("a median deviates by the binomial error of its share, of two samples of the same size", () => {
  const { down, up } = evenly(0.5, 100).deviation(AHEAD);
  // The variance of a share p of n values is p (1 - p) / n; that of a difference of two is twice as much.
  const error = Math.sqrt((2 * 0.5 * 0.5) / 100);
  expect(down).toBeCloseTo(6 * error, 12);
  expect(up).toBeCloseTo(6 * error, 12);
});

it("what is known deviates not at all, and half of the values by half of the variance of a new sample", () => {
  const forecaster = evenly(0.5, 100);
  expect(forecaster.deviation({ ...AHEAD, comingSeconds: 0 })).toEqual({ down: 0, up: 0 });
  // 50 new values, of 100, are drawn as from a known sample of 100.
  const error = Math.sqrt(0.25 * 50 * (1 + 50 / 100)) / 100;
  expect(forecaster.deviation({ ...AHEAD, comingSeconds: 30 }).up).toBeCloseTo(6 * error, 12);
});

it("a percentile deviates at most to the ends of what there is", () => {
  const { down, up } = evenly(0.95, 1).deviation(AHEAD);
  expect(up).toBeCloseTo(6 * 0.05, 12);
  expect(down).toBeCloseTo(6 * Math.sqrt(2 * 0.95 * 0.05), 12);
  expect(evenly(0.25, 1).deviation(AHEAD).down).toBeCloseTo(6 * 0.25, 12);
});
