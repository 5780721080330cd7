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

it("a series stands still until its next value, whatever model it gets meanwhile", async () => {
  const harness = new Harness({ method: "linear-trend" });
  const gauge = harness.application().getMeter("app").createGauge("queue");
  const run = (ticks: number) => harness.ticks(ticks, (tick) => gauge.record(tick));
  await run(20);
  const forecaster =
    [...harness.pipeline.engine.forecasters].find(({ plan }) => plan.key.metric === "queue") ??
    expect.unreachable();
  const [horizon = expect.unreachable()] = forecaster.plan.horizons;
  const stands = async () => [
    forecaster.readingAt(horizon)?.isStandingStill,
    await harness.value("forecast_ready", { metric: "queue" }),
  ];
  expect(await stands()).toEqual([false, 1]);
  harness.pipeline.engine.standStill();
  expect(await stands()).toEqual([true, 0]);
  forecaster.fit(0, harness.world.millis);
  expect(await stands()).toEqual([true, 0]);
  await run(1);
  expect(await stands()).toEqual([false, 1]);
});
