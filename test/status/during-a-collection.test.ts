import { expect, it, vi } from "vitest";
import { YieldingRunner } from "../../src/core/yielding-runner.ts";
import { StatusReader } from "../../src/status/status-reader.ts";
import type { ViewValue } from "../../src/views/view-value.ts";
import { Harness } from "../run/harness.ts";

const AGENTS = Array.from({ length: 9 }, (_, at) => `agent-${at}`);

it("a series that a collection has not come to yet is not silent, and one that it had no value of is", async () => {
  const harness = new Harness({ horizons: ["1m"], method: "linear-trend" });
  const { engine } = harness.pipeline;
  const taken = vi.spyOn(engine, "take");
  await harness.ticks(40, (tick) => {
    for (const agentName of AGENTS) harness.pipeline.recordAgent({ agentName, memoryUsage: tick });
  });
  const reader = new StatusReader({
    engine: () => engine,
    alerts: () => harness.pipeline.alerting,
    now: () => harness.world.now(),
  });
  const states = async () => {
    const { forecasts } = await reader.forecasts({ match: '{agent=~".+"}', limit: 1000 });
    return new Set(forecasts.map(({ state }) => state));
  };
  const values = (taken.mock.lastCall?.[0] ?? []) as readonly ViewValue[];
  const { turn } = reader;
  // Each pause of this collection is looked at.
  const seen: { states: Set<string>; turn: number }[] = [];
  let elapsed = 0;
  const slices = new YieldingRunner({
    elapsedMillis: () => (elapsed += 10),
    pause: async () => {
      seen.push({ states: await states(), turn: reader.turn });
    },
  });
  await engine.take(values, harness.world.millis + 1000, [], slices);
  expect(seen.length).toBeGreaterThan(2);
  for (const one of seen) expect(one.states).toEqual(new Set(["ready"]));
  // What watches the page is sent what is read when the collection has come to all series.
  expect(seen[0]?.turn).toBe(turn);
  expect(reader.turn).toBe(turn + 1);
  const [first] = values.filter(({ key }) => key.labels.agent !== undefined);
  await engine.take(
    values.filter((value) => value !== first),
    harness.world.millis + 2000,
  );
  expect(await states()).toEqual(new Set(["ready", "silent"]));
});
