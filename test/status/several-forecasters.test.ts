import { expect, it } from "vitest";
import { type StatusParts, StatusReader } from "../../src/status/status-reader.ts";
import { Harness } from "../run/harness.ts";

/** A forecaster of this process, whose agent `name` has tasks. */
async function forecasterOf(cpuUsage: number, name: string): Promise<StatusParts> {
  const harness = new Harness({
    horizons: ["1m"],
    method: "naive",
    alerts: [
      {
        name: `busy_${name}`,
        metric: "system_cpu_usage_percent",
        threshold: { above: 1 },
        on: "level",
      },
    ],
  });
  const size = harness.application().getMeter("app").createGauge(`size.${name}`);
  await harness.ticks(15, () => {
    harness.pipeline.recordSystem({ cpuUsage });
    size.record(cpuUsage);
  });
  const { pipeline, world } = harness;
  return {
    engine: () => pipeline.engine,
    alerts: () => pipeline.alerting,
    now: () => world.now(),
    tasksOf: (agent) => (agent === name ? { completed: cpuUsage, failed: 0, active: 0 } : undefined),
  };
}

it("a series that several forecasters of a process have is that of the first, and listed once", async () => {
  const forecasters = [await forecasterOf(10, "a"), await forecasterOf(50, "b"), await forecasterOf(90, "c")];
  const [first, ...others] = forecasters as [StatusParts, ...StatusParts[]];
  const reader = new StatusReader(first, () => others);
  const alone = await new StatusReader(first).forecasts({ limit: 1000 });
  const list = await reader.forecasts({ limit: 1000 });
  const names = list.forecasts.map(({ metric, labels }) => JSON.stringify([metric, labels]));
  expect(new Set(names).size).toBe(names.length);
  expect([list.series, list.selected, names.length]).toEqual(Array(3).fill(alone.series + 2));
  const values = (match: string) =>
    reader.forecasts({ match, limit: 10 }).then((found) => found.forecasts.map(({ value }) => value));
  expect(await values("system_cpu_usage_percent")).toEqual([10]);
  expect([await values("size_a"), await values("size_b"), await values("size_c")]).toEqual([
    [10],
    [50],
    [90],
  ]);
});

it("the alerts, the tasks and the turns are those of all forecasters of a process", async () => {
  const forecasters = [await forecasterOf(10, "a"), await forecasterOf(50, "b")];
  const [first, ...others] = forecasters as [StatusParts, ...StatusParts[]];
  const reader = new StatusReader(first, () => others);
  expect((await reader.alerts()).map(({ name }) => name).sort()).toEqual(["busy_a", "busy_b"]);
  expect([await reader.tasksOf("a"), await reader.tasksOf("b"), await reader.tasksOf("c")]).toEqual([
    { completed: 10, failed: 0, active: 0 },
    { completed: 50, failed: 0, active: 0 },
    undefined,
  ]);
  expect(reader.turn).toBe(forecasters.reduce((turns, { engine }) => turns + engine().turn, 0));
});
