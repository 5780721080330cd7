import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitModel } from "../../src/forecast/fit-model.ts";
import type { ForecastModel } from "../../src/forecast/forecast-model.ts";
import { RowTables } from "../../src/math/row-tables.ts";
import { CountedTables } from "../harness/counted-tables.ts";

const STEPS = [1, 7, 30, 400];

/** Values of series that are alike in nothing. */
const kinds: readonly ((step: number) => number)[] = [
  (step) => 50 + Math.sin(step * 12.9898) * 4 + step / 20,
  (step) => 10 * Math.sin((step / 12) * 2 * Math.PI) + ((step * 7919) % 13) / 13,
  (step) => (step % 17 === 3 ? 9 : 1),
  () => 5,
];

function modelOf(kind: (step: number) => number, points: number): ForecastModel {
  const values = Array.from({ length: points }, (_, step) => kind(step));
  const fit = fitModel({ values, stepSeconds: 10 }, { method: "auto", horizonSteps: 362 });
  if (fit.state !== "ready") throw new Error(`expected a model, got ${fit.state}`);
  return fit.model;
}

const forecastsOf = (model: ForecastModel) => STEPS.map((steps) => model.predictAt(steps));

const move = fc.record({
  series: fc.nat({ max: kinds.length - 1 }),
  to: fc.constantFrom("settle", "leave", "stay"),
  value: fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constant(Number.NaN), fc.constant(5)),
});

describe("a model in a row of a table", () => {
  it("forecasts as one with a memory of its own, whoever has had the row before", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), fc.integer({ min: 30, max: 120 }), (moves, points) => {
        const tables = new RowTables();
        const moving = kinds.map((kind) => modelOf(kind, points));
        const staying = kinds.map((kind) => modelOf(kind, points));
        for (const { series, to, value } of moves) {
          const [one, other] = [moving[series] as ForecastModel, staying[series] as ForecastModel];
          if (to === "settle") one.settle?.(tables);
          if (to === "leave") one.leave?.();
          for (const model of [one, other]) model.update(value);
          for (const [index, model] of moving.entries())
            expect(forecastsOf(model)).toEqual(forecastsOf(staying[index] as ForecastModel));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("forecasts on after it has left its row to another, which forecasts its own at once", () => {
    const tables = new RowTables();
    // Each mirrors the other, so that their rows are as long.
    const ramp = (step: number): number => 3 * step + Math.sin(step * 12.9898);
    const [before, after] = [modelOf(ramp, 60), modelOf((step) => -ramp(step), 60)];
    const expected = forecastsOf(after);
    before.settle?.(tables);
    const forecasts = forecastsOf(before);
    before.leave?.();
    after.settle?.(tables);
    expect(forecastsOf(after)).toEqual(expected);
    for (let step = 0; step < 40; step++) after.update(1000 * step);
    expect(forecastsOf(before)).toEqual(forecasts);
  });

  it.each(kinds)("gives its row to another when it ends, and changes nothing of it (%#)", (kind) => {
    const tables = new CountedTables();
    const [before, after, alone] = [modelOf(kind, 60), modelOf(kind, 60), modelOf(kind, 60)];
    for (const model of [before, alone, after]) model.update(7);
    before.settle?.(tables);
    forecastsOf(before);
    const rows = tables.inUse;
    before.end?.();
    expect(tables.inUse).toBe(0);
    after.settle?.(tables);
    expect(forecastsOf(after)).toEqual(forecastsOf(alone));
    expect(tables.inUse).toBe(rows);
    before.end?.();
    expect(forecastsOf(after)).toEqual(forecastsOf(alone));
    expect(tables.inUse).toBe(rows);
  });
});
