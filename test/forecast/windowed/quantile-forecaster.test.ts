import { expect, it } from "vitest";
import type { WindowedQuantile } from "../../../src/core/windowed-number.ts";
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
