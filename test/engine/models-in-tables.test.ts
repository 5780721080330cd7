import { expect, it } from "vitest";
import { LevelKind } from "../../src/engine/series-kind.ts";
import { TierModels } from "../../src/engine/tier-models.ts";
import { TieredSeries } from "../../src/series/tiered-series.ts";
import { CountedTables } from "../harness/counted-tables.ts";

const STEP_MILLIS = 10_000;
const HORIZON_SECONDS = 300;

it("models are in tables while they are in use, and give their rows back", () => {
  const modelTables = new CountedTables();
  const series = new TieredSeries({ resolutions: [{ stepSeconds: STEP_MILLIS / 1000, capacity: 360 }] });
  const models = new TierModels(
    series,
    {
      method: "auto",
      kind: new LevelKind({}),
      seasonSeconds: undefined,
      clock: undefined,
      forecastIntervalMillis: 30 * STEP_MILLIS,
      modelTables,
    },
    [HORIZON_SECONDS],
  );
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
