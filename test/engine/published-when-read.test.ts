import { expect, it } from "vitest";
import type { Sample } from "../../src/core/sample.ts";
import { Harness, MINUTE } from "../run/harness.ts";

const METRIC = "queue_depth";

/** A pipeline with a gauge that grows by 2 a minute, and what it publishes of its forecast in 5 minutes. */
function growing(options: ConstructorParameters<typeof Harness>[0] = {}) {
  const horizons = ["5m"];
  const harness = new Harness({
    collectionIntervalMillis: MINUTE,
    horizons,
    method: "linear-trend",
    ...options,
  });
  const gauge = harness.application().getMeter("app").createGauge(METRIC);
  return {
    harness,
    run: (minutes: number) => harness.ticks(minutes, (minute) => gauge.record(2 * minute)),
    predicted: async () => (await harness.shown()).get("queue_depth_predicted")?.at(0)?.value,
    forecast: () => harness.pipeline.engine.forecasts({ metricName: METRIC })[0],
    latest: (): Sample | undefined => [...harness.pipeline.engine.forecasters][0]?.outlook?.latest,
  };
}

it("publishes the forecast of the last collection, however many there were since the last reader", async () => {
  const { run, predicted, forecast } = growing();
  await run(20);
  const early = await predicted();
  await run(7);
  const late = await predicted();
  expect(early).toBeDefined();
  expect(forecast()).toMatchObject({ state: "ready", predictedValue: late });
  expect(late).not.toBe(early);
});

it("publishes the same to two readers between two collections", async () => {
  const { harness, run, predicted } = growing();
  await run(20);
  const first = await predicted();
  expect(await predicted()).toBe(first);
  const all = await Promise.all([harness.shown(), harness.shown()]);
  expect(all.map((shown) => shown.get("queue_depth_predicted")?.at(0)?.value)).toEqual([first, first]);
});

it("gives the forecasts that it would if each collection had been read", async () => {
  const [read, unread] = [growing({ method: "auto" }), growing({ method: "auto" })];
  for (let turn = 0; turn < 5; turn += 1) {
    await read.run(12);
    await unread.run(12);
    await read.predicted();
  }
  expect(await unread.predicted()).toBe(await read.predicted());
  const all = [read, unread].map(({ harness }) => harness.pipeline.engine.forecasts());
  expect(all[0]).toEqual(all[1]);
});

it("gives the forecasts of an old series that it would if each collection had been read", async () => {
  const level = (tick: number): number => 50 + 10 * Math.sin(tick / 40) + Math.abs(Math.sin(tick * 12.9898));
  const [read, unread] = [new Harness({ method: "auto" }), new Harness({ method: "auto" })];
  const gauges = [read, unread].map((harness) => harness.application().getMeter("app").createGauge(METRIC));
  for (let tick = 0; tick < 480; tick += 1) {
    for (const gauge of gauges) gauge.record(tick === 430 ? 90 : level(tick));
    await read.ticks(1);
    await unread.ticks(1);
    if (tick > 300) read.pipeline.engine.forecasts();
  }
  expect(unread.pipeline.engine.forecasts()).toEqual(read.pipeline.engine.forecasts());
  const learnt = [read, unread].map(({ pipeline }) => [...pipeline.engine.saved()]);
  expect(learnt[1]).toEqual(learnt[0]);
});

it("keeps no forecast of before the last collection", async () => {
  const { run, latest } = growing();
  await run(15);
  const before = latest();
  await run(1);
  expect(latest()?.at).toBe((before as Sample).at + MINUTE);
});

it("publishes the forecasts of all other series if one can't be made, and counts it", async () => {
  const { harness, run, predicted } = growing();
  await run(20);
  const [broken] = Array.from(harness.pipeline.engine.forecasters).filter(
    ({ plan }) => plan.key.metric !== METRIC,
  );
  Object.assign(broken as object, {
    publish: () => {
      throw new RangeError("broken");
    },
  });
  expect(await predicted()).toBeGreaterThan(0);
  expect(harness.pipeline.skips.counts.get("publish_failed")).toBe(1);
});
