import { expect, it, vi } from "vitest";
import type { ViewValue } from "../../src/views/view-value.ts";
import { Harness } from "../run/harness.ts";

const MONTH = 30 * 24 * 3_600_000;

it("a series whose samples are far in the future begins anew with its next value", async () => {
  const harness = new Harness();
  const { engine } = harness.pipeline;
  const taken = vi.spyOn(engine, "take");
  await harness.ticks(2, () => harness.pipeline.recordAgent({ agentName: "a", memoryUsage: 5 }));
  const values = taken.mock.lastCall?.[0] as readonly ViewValue[];
  const now = harness.world.millis;
  const count = engine.seriesCount;
  expect(count).toBeGreaterThan(0);
  await engine.take(values, now + MONTH);
  await engine.take(values, now);
  expect(engine.seriesCount).toBe(count);
  expect(engine.forecasts().every(({ at }) => at === now)).toBe(true);
});
