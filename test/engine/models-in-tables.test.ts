import { expect, it } from "vitest";
import { LevelKind } from "../../src/engine/series-kind.ts";
import { TierModels } from "../../src/engine/tier-models.ts";
import { TieredSeries } from "../../src/series/tiered-series.ts";
import { CountedTables } from "../harness/counted-tables.ts";

const STEP_MILLIS = 10_000;
const HORIZON_SECONDS = 300;
const resolutions = [{ stepSeconds: STEP_MILLIS / 1000, capacity: 360 }];

const SAVED_MODEL = {
  ...{ stepSeconds: STEP_MILLIS / 1000, fittedAt: 0, spanSeconds: HORIZON_SECONDS, known: 0, length: 0 },
  ...{ end: 0, oldest: new Float64Array(0), last: 0, taken: new Float64Array(0), cursor: 0 },
};

function modelsOf(series: TieredSeries, modelTables: CountedTables): TierModels {
  const options = {
    method: "auto",
    kind: new LevelKind({}),
    seasonSeconds: undefined,
    clock: undefined,
    forecastIntervalMillis: 30 * STEP_MILLIS,
    modelTables,
  };
  return new TierModels(series, options, [HORIZON_SECONDS]);
}

it("models are in tables while they are in use, and give their rows back", () => {
  const modelTables = new CountedTables();
  const series = new TieredSeries({ resolutions });
  const models = modelsOf(series, modelTables);
  let now = 0;
  for (let step = 0; step < 60; step++) {
    now = step * STEP_MILLIS;
    series.append({ at: now, value: Math.sin(step * 12.9898) });
    models.feed();
    if (step < 20 || step % 10 > 0) continue;
    models.fit(0, now);
    expect(modelTables.inUse).toBe(1);
  }
  const last = models.of(0)?.model;
  const forecast = last?.predictAt(now + STEP_MILLIS);
  models.remove();
  expect(modelTables.inUse).toBe(0);
  expect(forecast).toBeDefined();
  expect(last?.predictAt(now + STEP_MILLIS)).toEqual(forecast);
  // A series can be forgotten in a pause of the collection that has yet to fit its model.
  models.fit(0, now);
  expect(modelTables.inUse).toBe(0);
});

it("nothing is taken over of tiers that there are not: each would need the room of all before it", () => {
  const models = modelsOf(new TieredSeries({ resolutions }), new CountedTables());
  const surprises = models.watch(0).saved();
  for (const tier of [1, 2 ** 30, 1e308, -1, 0.5])
    models.restore({
      models: [{ ...SAVED_MODEL, tier }],
      surprises: [{ tier, state: surprises }],
    });
  expect(models.hasSaved).toBe(false);
  expect(models.saved().surprises).toEqual([{ tier: 0, state: surprises }]);
  models.restore({ models: [{ ...SAVED_MODEL, tier: 0 }], surprises: [] });
  expect(models.hasSaved).toBe(true);
});
