import { describe, expect, it } from "vitest";
import { GaugeOfOthers } from "./gauge-of-others.ts";
import { Harness, MINUTE, World } from "./harness.ts";

const EXPIRY = 10 * MINUTE;
const options = { expiryMillis: EXPIRY, windowMillis: MINUTE };

function taskOf(harness: Harness, agentName: string, taskId: string): void {
  const task = { taskId, agentName, taskType: "t", success: true, executionTime: 1 };
  harness.pipeline.instruments.recorder.recordTask(task);
}

/** A world whose monotonic clock stands still while the machine sleeps, as on Linux. */
class SleepyWorld extends World {
  asleepMillis = 0;
  override readonly elapsedMillis = (): number => this.millis - this.asleepMillis;
}

async function afterSleep(millis: number, stands: boolean): Promise<Harness> {
  const world = new SleepyWorld();
  const harness = new Harness(options, world);
  const orders = harness.application().getMeter("app").createCounter("orders");
  await harness.ticks(20, (tick) => {
    taskOf(harness, "a", `${tick}`);
    orders.add(1);
  });
  world.millis += millis;
  if (stands) world.asleepMillis += millis;
  await harness.ticks(1);
  return harness;
}

describe.each([
  ["stands still meanwhile", true],
  ["goes on meanwhile", false],
])("a process that sleeps for longer than the expiry, and whose inner clock %s", (_, stands) => {
  it("keeps the series of the system, its agents and the instruments of the application", async () => {
    const harness = await afterSleep(3 * EXPIRY, stands);
    for (const metricName of ["system_cpu_usage_percent", "ai_cloud_success_rate", "orders_per_second"])
      expect([metricName, harness.pipeline.engine.forecasts({ metricName })[0]?.state]).toEqual([
        metricName,
        "ready",
      ]);
    expect(await harness.value("ai_cloud_completed_tasks_total", { agent: "a" })).toBe(20);
    await harness.ticks(1, () => taskOf(harness, "a", "20"));
    expect(await harness.value("ai_cloud_completed_tasks_total", { agent: "a" })).toBe(21);
  });

  it("forgets silent sources after it has listened for the expiry", async () => {
    const harness = await afterSleep(3 * EXPIRY, stands);
    await harness.ticks(EXPIRY / 10_000 - 2);
    expect(await harness.namesWith("agent", "a")).toContain("ai_cloud_success_rate_predicted");
    // The counter was last heard of at the collection, the agent one interval earlier.
    await harness.ticks(1);
    expect(await harness.namesWith("agent", "a")).toEqual([]);
    await harness.ticks(1);
    expect(await harness.value("orders_per_second_predicted")).toBeUndefined();
    expect(await harness.value("system_cpu_usage_percent_predicted")).toBe(25);
  });
});

describe("a process that is suspended again and again", () => {
  it("counts the time between the suspensions", async () => {
    const harness = await afterSleep(3 * EXPIRY, false);
    for (let nap = 0; nap < 10; nap += 1) {
      await harness.ticks(4);
      harness.world.millis += 2 * EXPIRY;
    }
    await harness.ticks(20);
    expect(await harness.namesWith("agent", "a")).toContain("ai_cloud_success_rate");
    await harness.ticks(20);
    expect(await harness.namesWith("agent", "a")).toEqual([]);
  });
});

it("a gateway that slept keeps the series of sources that report a little later", async () => {
  const harness = new GaugeOfOthers(options);
  await harness.ticks(20);
  harness.world.millis += 3 * EXPIRY;
  harness.reported = undefined;
  await harness.ticks(1);
  harness.reported = 3;
  await harness.ticks(1);
  expect(harness.pipeline.engine.forecasts({}).map(({ state }) => state)).toEqual(["ready"]);
});
