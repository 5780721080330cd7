import { describe, expect, it } from "vitest";
import { Harness } from "../../run/harness.ts";

const HEAP = "ai_cloud_heap_usage_percent";
const DELAY = "ai_cloud_event_loop_delay_p99_seconds";

/** Lets the timer of the event loop fire so many times, each as late as specified. */
function delays(harness: Harness, times: number, lateMillis: number): void {
  const timer = [...harness.world.set].find(({ millis }) => millis === 100);
  for (let fired = 0; fired < times; fired += 1) {
    harness.world.millis += 100 + lateMillis;
    timer?.callback();
  }
}

function taskOf(harness: Harness, agentName: string): void {
  const task = { taskId: "1", taskType: "t", success: true, executionTime: 1 };
  harness.pipeline.instruments.recorder.recordTask({ ...task, agentName });
}

describe("the heap of a process", () => {
  it("is published and forecast under the name of its agent", async () => {
    const harness = new Harness();
    await harness.ticks(15, () => taskOf(harness, "a"));
    expect(await harness.value(HEAP)).toBe(12);
    expect(await harness.value(HEAP, { agent: "a" })).toBe(12);
    expect(await harness.value(`${HEAP}_predicted`, { agent: "a" })).toBe(12);
  });

  it("has the name of the service if several agents share the process, and keeps its forecasts", async () => {
    const harness = new Harness();
    await harness.ticks(15);
    await harness.ticks(1, () => {
      for (const agent of ["a", "b"]) taskOf(harness, agent);
    });
    expect(await harness.namesWith("agent", "service")).toContain(`${HEAP}_predicted`);
    expect(await harness.value(HEAP, { agent: "service" })).toBe(12);
    expect((await harness.shown()).get(HEAP)).toHaveLength(1);
  });

  it("moves to the agent that remains when the others are gone", async () => {
    const harness = new Harness({ expiryMillis: 60_000 });
    await harness.ticks(1, () => {
      for (const agent of ["a", "b"]) taskOf(harness, agent);
    });
    await harness.ticks(7, () => taskOf(harness, "a"));
    expect((await harness.shown()).get(HEAP)).toEqual([{ labels: { agent: "a" }, value: 12 }]);
  });

  it("is absent where it cannot be measured", async () => {
    const harness = new Harness();
    harness.world.heap = undefined;
    await harness.ticks(2);
    expect((await harness.shown()).get(HEAP)).toBeUndefined();
  });

  it("has a threshold without configuration, and that of the user instead", async () => {
    const crossing = async (harness: Harness) => {
      await harness.ticks(30, (tick) => {
        harness.world.heap = 30 + 2 * tick;
      });
      return (await harness.shown()).get("forecast_time_to_threshold_seconds")?.map(({ labels }) => labels);
    };
    const options = { method: "linear-trend", horizons: ["5m"] };
    const ofHeap = { agent: "service", metric: HEAP };
    expect(await crossing(new Harness(options))).toEqual([{ ...ofHeap, threshold: "80" }]);
    const thresholds = { [HEAP]: { above: 95 } };
    expect(await crossing(new Harness({ ...options, thresholds }))).toEqual([{ ...ofHeap, threshold: "95" }]);
  });
});

describe("the delay of the event loop", () => {
  it("is the 99th percentile over the window, and is forecast", async () => {
    const harness = new Harness({ windowMillis: 20_000, collectionIntervalMillis: 10_000 });
    harness.pipeline.start();
    for (let tick = 0; tick < 15; tick += 1) {
      delays(harness, 98, 0);
      delays(harness, 2, 50);
      await harness.pipeline.collect();
    }
    expect(await harness.value(DELAY, { agent: "service" })).toBeCloseTo(0.05, 2);
    expect(await harness.value(`${DELAY}_predicted`, { agent: "service" })).toBeCloseTo(0.05, 2);
    for (let tick = 0; tick < 3; tick += 1) {
      delays(harness, 100, 0);
      await harness.pipeline.collect();
    }
    expect(await harness.value(DELAY)).toBe(0);
    await harness.pipeline.stop();
  });

  it("counts a long delay by the time that it took", async () => {
    const harness = new Harness();
    harness.pipeline.start();
    delays(harness, 900, 0);
    delays(harness, 1, 3000);
    await harness.pipeline.collect();
    // 930 timers were due. The 99th percentile is the tenth of the longest delays.
    expect(await harness.value(DELAY)).toBeGreaterThan(2);
    await harness.pipeline.stop();
  });

  it("is not measured while the process is suspended", async () => {
    const harness = new Harness();
    harness.pipeline.start();
    delays(harness, 100, 1);
    delays(harness, 1, 600_000);
    await harness.pipeline.collect();
    expect(await harness.value(DELAY)).toBeLessThan(0.01);
    await harness.pipeline.stop();
  });

  it("is published as a percentile only", async () => {
    const harness = new Harness();
    harness.pipeline.start();
    delays(harness, 10, 1);
    await harness.pipeline.collect();
    expect([...(await harness.shown()).keys()].filter((name) => name.includes("event_loop"))).toEqual([
      DELAY,
    ]);
    await harness.pipeline.stop();
  });
});

it("the timer of the event loop does not throw where the application has replaced the clock by one that does", () => {
  const harness = new Harness();
  harness.pipeline.start();
  Object.defineProperty(harness.world, "millis", {
    get() {
      throw new Error("replaced");
    },
  });
  const timer = [...harness.world.set].find(({ millis }) => millis === 100);
  expect(() => timer?.callback()).not.toThrow();
  expect(timer).toBeDefined();
});
