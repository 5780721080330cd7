import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FractionForecaster } from "../../../src/forecast/windowed/fraction-forecaster.ts";
import { RATES } from "../../../src/forecast/windowed/recent-counts.ts";
import { RowTables } from "../../../src/math/row-tables.ts";
import { SimulatedWindow, STEP_SECONDS } from "./simulated-window.ts";

const LONG_RUN = RATES - 1;
const count = fc.integer({ min: 0, max: 20 });
const slices = fc.array(fc.record({ part: count, more: count }), { minLength: 2, maxLength: 14 });

/** A forecaster that has learnt these slices of a window of 60 seconds. */
function learnt(kind: "rate" | "ratio", counted: readonly { part: number; whole: number }[]) {
  const window = new SimulatedWindow(kind, 60);
  const forecaster = new FractionForecaster(window, new RowTables(1));
  forecaster.learn(undefined);
  for (const { part, whole } of counted) {
    window.collect(part, whole);
    forecaster.learn(STEP_SECONDS);
  }
  const expect = (seconds: number): Float64Array => {
    const into = new Float64Array(RATES).fill(Number.NaN);
    forecaster.expect(window.clock.ahead(seconds), window.value, into, 0);
    return into;
  };
  return { window, forecaster, expect };
}

describe("what comes of a rate or a ratio", () => {
  it("is the known slices and the long-run rate: a window computed by hand", () => {
    const counted = [6, 0, 12, 0, 0, 6, 0, 0].map((part) => ({ part, whole: 20 }));
    // 24 in 80 s. In 20 s the slices 12, 0, 0, 6, 0, 0 have lost 12 and 0; 20 s of 0.3 a second come.
    expect(learnt("rate", counted).expect(20)[LONG_RUN]).toBeCloseTo((6 + 20 * 0.3) / 60, 12);
    // 24 of 160; four slices of 20 stay, with 6, and two come.
    expect(learnt("ratio", counted).expect(20)[LONG_RUN]).toBeCloseTo((6 + 40 * 0.15) / 120, 12);
    // Beyond the window, nothing is known.
    expect(learnt("rate", counted).expect(600)[LONG_RUN]).toBeCloseTo(0.3, 12);
    expect(learnt("ratio", counted).expect(600)[LONG_RUN]).toBeCloseTo(0.15, 12);
  });

  it("covers a longer time later while the window is filling", () => {
    const counted = [3, 0].map((part) => ({ part, whole: 10 }));
    expect(learnt("rate", counted).expect(20)[LONG_RUN]).toBeCloseTo((3 + 20 * 0.15) / 40, 12);
  });

  it("is exact when what comes is what was expected, in a filling and in a full window", () => {
    fc.assert(
      fc.property(
        slices,
        fc.constantFrom("rate", "ratio"),
        fc.integer({ min: 1, max: 9 }),
        (past, kind, ahead) => {
          // The same traffic in each slice, so that only the share is to be expected.
          const counted = past.map(({ part }) => ({ part, whole: 20 }));
          const { window, expect: expected } = learnt(kind, counted);
          const found = expected(ahead * STEP_SECONDS)[LONG_RUN] as number;
          const mean = counted.reduce((sum, { part }) => sum + part, 0) / counted.length;
          for (let slice = 0; slice < ahead; slice++) window.collect(mean, 20);
          expect(found).toBeCloseTo(window.value, 9);
        },
      ),
    );
  });

  it("is the value of now in no time, at every rate", () => {
    fc.assert(
      fc.property(slices, fc.constantFrom("rate", "ratio"), (past, kind) => {
        const counted = past.map(({ part, more }) => ({ part, whole: part + more }));
        const { window, expect: expected } = learnt(kind, counted);
        for (const value of expected(0)) expect(value).toBeCloseTo(window.value, 12);
      }),
    );
  });

  it("is no change when nothing was counted", () => {
    const { expect: expected } = learnt("ratio", [
      { part: 0, whole: 0 },
      { part: 0, whole: 0 },
    ]);
    expect([...expected(20)]).toEqual(new Array(RATES).fill(0));
  });

  it("follows a change at the recent rates first", () => {
    const counted = Array.from({ length: 40 }, (_, slice) => ({ part: slice < 34 ? 0 : 10, whole: 10 }));
    const found = learnt("rate", counted).expect(600);
    expect([...found].sort((one, other) => other - one)).toEqual([...found]);
    expect(found[0]).toBeGreaterThan(0.9);
    expect(found[LONG_RUN]).toBeCloseTo(60 / 400, 12);
  });

  it("scatters more further ahead, and not at all when what comes is always the same", () => {
    const uneven = [0, 9, 0, 0, 7, 0, 1, 0, 8, 0].map((part) => ({ part, whole: 10 }));
    const { window, forecaster } = learnt("ratio", uneven);
    const near = forecaster.deviation(window.clock.ahead(10)).up;
    expect(forecaster.deviation(window.clock.ahead(60)).up).toBeGreaterThan(near);
    expect(near).toBeGreaterThan(0);
    const even = learnt("rate", new Array(12).fill({ part: 5, whole: 10 }));
    expect(even.forecaster.deviation(even.window.clock.ahead(30))).toEqual({ down: 0, up: 0 });
  });

  it("does not learn from a time of unknown length", () => {
    const {
      window,
      forecaster,
      expect: expected,
    } = learnt("rate", new Array(12).fill({ part: 5, whole: 10 }));
    window.collect(1000, 1000, 3600);
    forecaster.learn(undefined);
    expect(expected(600)[LONG_RUN]).toBeCloseTo(0.5, 12);
  });
});
