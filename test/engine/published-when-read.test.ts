import { expect, it } from "vitest";
import type { Sample } from "../../src/core/sample.ts";
import { Harness, MINUTE, World } from "../run/harness.ts";

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

it("gives the same whoever has read it, also after collections that are early, late or missing", async () => {
  const options = { method: "auto", horizons: ["5m", "1h"], forecastIntervalMillis: 5 * MINUTE };
  const processes = [new Harness(options), new Harness(options)].map((harness) => {
    const meter = harness.application().getMeter("app");
    return { harness, gauges: ["a", "b", "c", "d", "e", "f"].map((name) => meter.createGauge(name)) };
  });
  let seed = 17;
  const noise = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  let count = 0;
  const collect = async (steps: number): Promise<void> => {
    count += 1;
    const values = Array.from({ length: 6 }, () => 50 + 4 * noise());
    for (const { harness, gauges } of processes) {
      for (const [index, gauge] of gauges.entries()) gauge.record(values[index] as number);
      harness.world.millis += steps * harness.pipeline.options.collectionIntervalMillis;
      await harness.pipeline.collect();
    }
    if (count > 350) processes[0]?.harness.pipeline.engine.forecasts();
  };
  for (let step = 0; step < 390; step += 1) await collect(1);
  // The time since the collection before, in steps. A long pause moves the slots.
  for (const steps of [0.3, 0.7, 0.05, 0.05, 0.9, 1.4, 2, 7, 0.2, 250, 0.2]) {
    await collect(steps);
    for (let more = 0; more < 5; more += 1) await collect(1);
  }
  const learnt = processes.map(({ harness }) => [...harness.pipeline.engine.saved()]);
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

/** A world in which each look at the clock takes long, so that a collection pauses wherever it may. */
class SlowWorld extends World {
  #elapsed = 0;
  whilePaused = async (): Promise<void> => {};
  override readonly elapsedMillis = (): number => {
    this.#elapsed += 5;
    return this.#elapsed;
  };
  override readonly pause = (): Promise<void> => this.whilePaused();
}

it("publishes at most one new forecast in a collection, although it may be read while models are replaced", async () => {
  const world = new SlowWorld();
  const harness = new Harness(
    {
      method: "auto",
      collectionIntervalMillis: MINUTE,
      forecastIntervalMillis: 5 * MINUTE,
      horizons: ["5m"],
    },
    world,
  );
  const meter = harness.application().getMeter("app");
  const gauges = Array.from({ length: 12 }, (_, index) => meter.createGauge(`queue_${index}`));
  const seen = new Map<string, Set<unknown>>();
  let pauses = 0;
  const read = async (): Promise<void> => {
    for (const [name, points] of await harness.shown()) {
      if (!name.endsWith("_predicted")) continue;
      seen.set(name, (seen.get(name) ?? new Set()).add(points[0]?.value));
    }
  };
  world.whilePaused = async () => {
    pauses += 1;
    await read();
  };
  const flickering: string[] = [];
  await harness.ticks(60, (minute) => {
    for (const [name, values] of seen) if (values.size > 2) flickering.push(`${name} at ${minute}`);
    seen.clear();
    for (const [index, gauge] of gauges.entries())
      gauge.record(index + Math.abs(Math.sin((minute + 1) * (index + 1) * 12.9898)));
  });
  expect(pauses).toBeGreaterThan(100);
  expect(flickering).toEqual([]);
});

it("is saved and forecast again after each change of what was learnt", async () => {
  const { harness, run } = growing();
  await run(20);
  const [forecaster = expect.unreachable()] = harness.pipeline.engine.forecasters;
  const saved = structuredClone(forecaster.saved());
  for (const change of [
    () => forecaster.feed(21, harness.world.millis, 40),
    () => forecaster.review(),
    () => forecaster.fit(0, harness.world.millis),
  ]) {
    const { changes, outlook } = forecaster;
    expect(forecaster.outlook).toBe(outlook);
    change();
    expect(forecaster.changes).not.toBe(changes);
    expect(forecaster.outlook).not.toBe(outlook);
  }
  for (const change of [
    () => forecaster.shift(MINUTE),
    () => forecaster.restore(saved),
    () => forecaster.makeSaved(),
  ]) {
    const { changes } = forecaster;
    change();
    expect(forecaster.changes).not.toBe(changes);
  }
});
