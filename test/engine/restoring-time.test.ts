import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { SeriesForecaster } from "../../src/engine/series-forecaster.ts";
import { Harness, SECOND, World } from "../run/harness.ts";

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
