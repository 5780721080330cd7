import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { seriesId } from "../../src/core/series-key.ts";
import { SeriesForecaster } from "../../src/engine/series-forecaster.ts";
import { Harness, MINUTE, SECOND, World } from "../run/harness.ts";

/** An engine with the queues of two agents, and one of none. */
async function engineAfter(ticks: number) {
  const harness = new Harness({ horizons: ["1m", "5m"], expiryMillis: 10 * MINUTE });
  const meter = harness.application().getMeter("app");
  const [queue, other] = [meter.createGauge("queue"), meter.createGauge("other")];
  const run = (count: number) =>
    harness.ticks(count, () => {
      for (const agent of ["planner", "coder"]) queue.record(5, { agent });
      other.record(7);
    });
  await run(ticks);
  const { engine } = harness.pipeline;
  const known = () =>
    engine
      .keysOf(({ metric }) => ["queue", "other"].includes(metric))
      .map(({ metric, labels }) => [metric, labels.agent].join(" "));
  return { harness, engine, run, known };
}

const QUEUE = { metric: "queue", labels: { agent: "planner" } };

describe("the forecasts of an engine", () => {
  it("are selected by metric, agent and horizon", async () => {
    const { engine } = await engineAfter(20);
    const found = (filter: Parameters<typeof engine.forecasts>[0]) =>
      engine
        .forecasts(filter)
        .map(({ metricName, labels, horizonSeconds }) => [...[metricName, labels.agent, horizonSeconds]]);
    expect(found({ metricName: "other" })).toEqual([
      ["other", undefined, 60],
      ["other", undefined, 300],
    ]);
    expect(found({ metricName: "queue", agentName: "coder", horizonSeconds: 300 })).toEqual([
      ["queue", "coder", 300],
    ]);
    expect(found({ metricName: "queue", horizonSeconds: 60 })).toHaveLength(2);
    expect(found({ metricName: "queue", agentName: "nobody" })).toEqual([]);
    expect(found({ metricName: "queue", horizonSeconds: 61 })).toEqual([]);
  });

  it("are as old as the oldest of the series that have a value", async () => {
    const { harness, engine, run } = await engineAfter(20);
    expect(engine.oldestForecastAt).toBe(harness.world.millis);
    harness.world.millis += 3000;
    expect(engine.oldestForecastAt).toBe(harness.world.millis - 3000);
    await run(1);
    expect(engine.oldestForecastAt).toBe(harness.world.millis);
  });
});

describe("the series of an engine", () => {
  it("are forgotten by patterns of their metric and agent", async () => {
    const { engine, known } = await engineAfter(20);
    const count = engine.seriesCount;
    expect(engine.has(seriesId(QUEUE))).toBe(true);
    expect(engine.forgetLearnt({ metricName: "queue", agentName: "x*" })).toBe(0);
    // A series of no agent is none of any agent.
    expect(engine.forgetLearnt({ metricName: "other", agentName: "*" })).toBe(0);
    expect(engine.forgetLearnt({ metricName: "que*", agentName: "plan*" })).toBe(1);
    expect(engine.has(seriesId(QUEUE))).toBe(false);
    expect(engine.seriesCount).toBe(count - 1);
    expect(known().toSorted()).toEqual(["other ", "queue coder"]);
    expect(engine.forgetLearnt({ metricName: "queue" })).toBe(1);
    expect(known()).toEqual(["other "]);
  });

  it("expire at once if they were restored too late", async () => {
    const { engine, known, harness } = await engineAfter(20);
    const saved = [...engine.saved()];
    const next = new Harness({ expiryMillis: 10 * MINUTE }).pipeline.engine;
    const restoredAt = (at: number): number => {
      for (const one of saved) next.restore(one, at);
      next.expireRestored(at);
      return next.keysOf(({ metric }) => ["queue", "other"].includes(metric)).length;
    };
    expect(restoredAt(harness.world.millis + 10 * MINUTE)).toBe(known().length);
    expect(restoredAt(harness.world.millis + 10 * MINUTE + 1)).toBe(0);
  });

  it("expire when they were silent for long, but not by a pause of the process", async () => {
    const { engine, known, harness } = await engineAfter(20);
    const silent = (at: number) => engine.take([], at);
    const { millis } = harness.world;
    engine.pause(MINUTE);
    await silent(millis + 10.5 * MINUTE);
    expect(known()).toHaveLength(3);
    await silent(millis + 11 * MINUTE + 1);
    expect(known()).toEqual([]);
    expect(engine.oldestForecastAt).toBeUndefined();
  });
});

const GAUGES = ["a", "b", "c", "d"];

/** A process with four gauges, whose models are saved. */
function life(folder: string, world: World) {
  const harness = new Harness({ method: "auto", history: `file:${join(folder, "history")}` }, world);
  const meter = harness.application().getMeter("app");
  const gauges = GAUGES.map((name) => meter.createGauge(name));
  const run = (ticks: number) =>
    harness.ticks(ticks, (tick) => {
      for (const gauge of gauges) gauge.record(50 + Math.sin(tick * tick));
    });
  return { run, harness, engine: harness.pipeline.engine };
}

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-restoring-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it("the models of the last process are made again in a quarter of the interval, and the others are fitted", async () => {
  const last = life(folderOfTest(), new World());
  await last.run(40);
  const { millis } = last.harness.world;
  let busyMillis = 0;
  const world = Object.assign(new World(), { millis, elapsedMillis: () => world.millis + busyMillis });
  const { makeSaved } = SeriesForecaster.prototype;
  const made = vi.spyOn(SeriesForecaster.prototype, "makeSaved");
  onTestFinished(() => made.mockRestore());
  made.mockImplementation(function (this: SeriesForecaster) {
    busyMillis += 1.25 * SECOND;
    return makeSaved.call(this);
  });
  const next = life(folderOfTest(), world);
  const saved = [...last.engine.saved()].filter(({ key }) => GAUGES.includes(key.metric));
  for (const one of saved) expect(next.engine.restore(one, millis)).toBe(true);
  await next.run(1);
  for (const metricName of GAUGES) expect(next.engine.forecasts({ metricName })).toHaveLength(1);
  await next.run(1);
  expect(made).toHaveBeenCalledTimes(2);
  await Promise.all([last, next].map(({ harness }) => harness.pipeline.stop()));
});
