import { expect, it } from "vitest";
import { Harness } from "../run/harness.ts";

it("no series is ready while the forecasts are not those of the present", async () => {
  const harness = new Harness();
  const readyAfter = async (ticks: number): Promise<number> => {
    await harness.ticks(ticks, () => harness.pipeline.recordAgent({ agentName: "a", memoryUsage: 5 }));
    const shown = (await harness.shown()).get("forecast_ready") ?? [];
    return shown.filter(({ value }) => value === 1).length;
  };
  const all = await readyAfter(20);
  expect(all).toBeGreaterThan(0);
  harness.pipeline.engine.standStill();
  expect(await readyAfter(0)).toBe(0);
  expect(await readyAfter(1)).toBe(all);
});
