import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { SavedLearnt } from "../../src/engine/learnt-schema.ts";
import { Harness, MINUTE, World } from "../run/harness.ts";

const METRIC = "load";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-learning-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A wave of twenty minutes, which is never quite the same. */
function wave(minute: number): number {
  return 50 + 20 * Math.sin((2 * Math.PI * minute) / 20) + 3 * Math.sin(minute * minute);
}

/** A process whose models are saved. */
function life(name: string, from = 0) {
  const world = new World();
  world.millis += from * MINUTE;
  const harness = new Harness(
    {
      method: "auto",
      horizons: ["5m", "1h"],
      collectionIntervalMillis: MINUTE,
      history: `file:${join(folder, name)}`,
    },
    world,
  );
  const gauge = harness.application().getMeter("app").createGauge(METRIC);
  let minute = from;
  const { engine } = harness.pipeline;
  return {
    engine,
    now: () => harness.world.millis,
    run: (minutes: number) => harness.ticks(minutes, () => gauge.record(wave(minute++))),
    saved: () => [...engine.saved()].filter(({ key }) => key.metric === METRIC),
    savedInParts: () =>
      Array.from(
        engine.parts(({ metric }) => metric === METRIC),
        ({ newer }) => newer.data().learnt,
      ),
    forecasts: () => engine.forecasts({ metricName: METRIC }),
    end: () => harness.pipeline.stop(),
  };
}

it("what was learnt is saved as long as it waits for the first value of its series, and goes on with it", async () => {
  const before = life("before");
  await before.run(150);
  const saved = structuredClone(before.saved());
  const learnt = saved[0]?.learnt as SavedLearnt;
  for (const part of [learnt.chosen.models, learnt.chosen.surprises, learnt.trials])
    expect(part).not.toEqual([]);
  expect(before.savedInParts()).toEqual([learnt]);
  // No horizon needs the coarse values, but one of the next life may.
  expect(saved[0]?.tiers.length).toBeGreaterThan(1);

  const after = life("after", 150);
  expect(after.engine.restore({ key: "load" }, after.now())).toBe(false);
  for (const one of saved) expect(after.engine.restore(one, after.now())).toBe(true);
  expect(after.saved()).toEqual(saved);
  expect(after.savedInParts()).toEqual([learnt]);

  await before.run(3);
  await after.run(3);
  expect(after.forecasts()).toEqual(before.forecasts());
  expect(after.saved()).toEqual(before.saved());
  await Promise.all([before.end(), after.end()]);
});
