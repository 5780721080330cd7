import { describe, expect, it } from "vitest";
import { agentOfProcess } from "../../../src/measure/instruments/own-instruments.ts";
import { Harness, MINUTE } from "../../run/harness.ts";

describe("which agent the process is", () => {
  it.each([
    ["named", ["a", "b"], "named"],
    ["named", [], "named"],
    [undefined, [], "service"],
    [undefined, ["a"], "a"],
    [undefined, ["a", "b"], undefined],
    [undefined, ["a", "service"], "service"],
  ] as const)("named %s, with %j known", (named, known, expected) => {
    expect(agentOfProcess(named, "service", known)).toBe(expected);
  });
});

describe("CPU and memory of an agent", () => {
  const cpu = "ai_cloud_cpu_usage_percent";

  function taskOf(harness: Harness, agentName: string, taskId = "1"): void {
    harness.pipeline.instruments.recorder.recordTask({
      taskId,
      agentName,
      taskType: "t",
      success: true,
      executionTime: 1,
    });
  }

  it("are those of the process, under the service's name until an agent is known, then under the agent's", async () => {
    const harness = new Harness();
    await harness.ticks();
    expect(await harness.value(cpu)).toBe(5);
    expect(await harness.value(cpu, { agent: "service" })).toBe(5);
    await harness.ticks(15, () => taskOf(harness, "a"));
    expect(await harness.namesWith("agent", "service")).toEqual([]);
    expect(await harness.value(cpu, { agent: "a" })).toBe(5);
    expect(await harness.value("ai_cloud_memory_usage_percent", { agent: "a" })).toBe(7);
    expect(await harness.value(`${cpu}_predicted`, { agent: "a" })).toBe(5);
  });

  it("are nobody's once several agents share the process", async () => {
    const harness = new Harness();
    await harness.ticks(15, () => taskOf(harness, "a"));
    await harness.ticks(2, () => taskOf(harness, "b"));
    expect((await harness.shown()).get(cpu)).toBeUndefined();
    expect((await harness.shown()).get(`${cpu}_predicted`)).toBeUndefined();
    expect(await harness.value("ai_cloud_task_success_rate", { agent: "a" })).toBe(1);
    expect(
      harness.pipeline.engine.forecasts({ agentName: "a", metricName: "ai_cloud_active_tasks" })[0]?.state,
    ).toBe("ready");
  });

  it("are what was recorded, also when several agents share the process", async () => {
    const harness = new Harness();
    await harness.ticks(2, () => taskOf(harness, "a"));
    harness.pipeline.recordAgent({ agentName: "a", cpuUsage: 44 });
    await harness.ticks(2, () => taskOf(harness, "b"));
    expect(await harness.value(cpu, { agent: "a" })).toBe(44);
  });

  it("are those of the agent that was named, whoever else there is", async () => {
    const harness = new Harness({ agentName: "named" });
    await harness.ticks(2, () => {
      taskOf(harness, "a");
      taskOf(harness, "b");
    });
    expect(await harness.value(cpu, { agent: "named" })).toBe(5);
    expect((await harness.shown()).get(cpu)).toHaveLength(1);
  });

  it("go back to the service's name when the only agent has gone", async () => {
    const harness = new Harness({ expiryMillis: 2 * MINUTE });
    await harness.ticks(2, () => taskOf(harness, "a"));
    await harness.ticks(15);
    expect(await harness.namesWith("agent", "a")).toEqual([]);
    expect(await harness.value(cpu, { agent: "service" })).toBe(5);
  });

  it("stay those of the named agent when its tasks have gone", async () => {
    const harness = new Harness({ expiryMillis: 2 * MINUTE, agentName: "a" });
    await harness.ticks(2, () => taskOf(harness, "a"));
    await harness.ticks(20);
    expect(await harness.value(cpu, { agent: "a" })).toBe(5);
    expect(await harness.value("ai_cloud_completed_tasks_total", { agent: "a" })).toBeUndefined();
  });
});
