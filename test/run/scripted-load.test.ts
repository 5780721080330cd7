import { quantileSorted } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { Harness, MINUTE, SECOND } from "./harness.ts";

const a = { agent: "a" };

function task(
  harness: Harness,
  taskId: string,
  success: boolean,
  executionTime: number,
  agentName = "a",
): void {
  harness.pipeline.instruments.recorder.recordTask({
    taskId,
    agentName,
    taskType: "t",
    success,
    executionTime,
  });
}

/** Seeded (Numerical Recipes' linear congruential generator): the same numbers at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("a scripted load", () => {
  it("gives exactly its rates, counts and recovery times", async () => {
    const harness = new Harness();
    const { recorder } = harness.pipeline.instruments;
    await harness.ticks(3, (tick) => {
      for (let i = 0; i < 8; i += 1) task(harness, `${tick}/${i}`, i < 7, 0.5);
      recorder.recordRetriedAttempt({ agentName: "a", taskType: "t", errorType: "Timeout" });
      recorder.recordRetriedAttempt({ agentName: "a", taskType: "t" });
      recorder.recordFailure({ failureId: `f${tick}`, agentName: "a", failureType: "crash" });
      harness.world.millis += 2 * SECOND;
      recorder.recordRecovery({ failureId: `f${tick}`, agentName: "a", recoveryAction: "x", success: true });
      harness.world.millis -= 2 * SECOND;
    });
    recorder.startTask({ taskId: "open", agentName: "a", taskType: "t" });
    recorder.startTask({ taskId: "given up", agentName: "a", taskType: "t" });
    recorder.cancelTask({ taskId: "given up", agentName: "a" });
    recorder.recordFailure({ failureId: "open", agentName: "a", failureType: "crash" });
    recorder.recordFailureRecovery({
      failureId: "both",
      agentName: "a",
      failureType: "crash",
      recoveryAction: "x",
      success: true,
      recoveryTime: 6,
    });
    recorder.recordRecovery({ failureId: "open", agentName: "a", recoveryAction: "x", success: false });
    await harness.ticks();

    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(21 / 24);
    expect(await harness.value("ai_cloud_success_rate", a)).toBe(21 / 30);
    expect(await harness.value("ai_cloud_failure_rate", a)).toBe(9 / 30);
    expect(await harness.value("ai_cloud_completed_tasks_total", a)).toBe(21);
    expect(await harness.value("ai_cloud_failed_tasks_total", a)).toBe(3);
    expect(await harness.value("ai_cloud_cancelled_tasks_total", a)).toBe(1);
    expect(await harness.value("ai_cloud_active_tasks", a)).toBe(1);
    expect(await harness.value("ai_cloud_open_failures", a)).toBe(1);
    expect(await harness.value("ai_cloud_failures_total", a)).toBe(5);
    expect(await harness.value("ai_cloud_failed_recoveries_total", a)).toBe(1);
    expect(await harness.value("ai_cloud_failure_recovery_time_seconds", a)).toBeCloseTo((3 * 2 + 6) / 4, 12);
    expect(harness.pipeline.instruments.book.performance("a", harness.world.now())).toMatchObject({
      taskSuccessRate: 21 / 24,
      successRate: 21 / 30,
      averageRecoveryTime: 3,
      activeTasks: 1,
      cancelledTasks: 1,
    });
  });

  it("gives rates a second over the time since the start, and later over the window", async () => {
    const harness = new Harness({ windowMillis: MINUTE });
    await harness.ticks(3, (tick) => {
      for (let i = 0; i < 6; i += 1) task(harness, `${tick}/${i}`, i > 0, 1);
    });
    expect(await harness.value("system_request_rate")).toBe(18 / 30);
    expect(await harness.value("system_throughput")).toBe(15 / 30);
    expect(await harness.value("ai_cloud_failed_tasks_per_second", a)).toBe(3 / 30);
    await harness.ticks(20, (tick) => {
      for (let i = 0; i < 3; i += 1) task(harness, `later ${tick}/${i}`, true, 1);
    });
    expect(await harness.value("system_request_rate")).toBe(18 / 60);
    expect(await harness.value("system_error_rate")).toBe(0);
  });

  it("gives percentiles of the interval's own durations, within 2 % of the exact ones over six decades", async () => {
    const harness = new Harness();
    const random = seeded(7);
    const durations: number[] = [];
    await harness.ticks(10, (tick) => {
      for (let i = 0; i < 300; i += 1) {
        const seconds = 10 ** (6 * random() - 3);
        durations.push(seconds);
        task(harness, `${tick}/${i}`, true, seconds);
      }
    });
    durations.sort((x, y) => x - y);
    const ofBook = harness.pipeline.instruments.book.performance("a", harness.world.now());
    for (const [q, name, key] of [
      [0.5, "p50", "latencyP50"],
      [0.95, "p95", "latencyP95"],
      [0.99, "p99", "latencyP99"],
    ] as const) {
      const exact = quantileSorted(durations, q);
      const shown = (await harness.value(`ai_cloud_latency_${name}_seconds`, a)) as number;
      expect(Math.abs(shown / exact - 1)).toBeLessThan(0.02);
      expect(Math.abs((ofBook[key] as number) / exact - 1)).toBeLessThan(0.02);
    }
  });

  it("has series for each agent, and their sum for the system", async () => {
    const harness = new Harness();
    await harness.ticks(1, () => {
      task(harness, "1", true, 1, "a");
      task(harness, "1", false, 3, "b");
    });
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(1);
    expect(await harness.value("ai_cloud_task_success_rate", { agent: "b" })).toBe(0);
    expect(await harness.value("system_error_rate")).toBe(0.5);
  });

  it("gives the histogram of durations by agent, type and error, cumulative", async () => {
    const harness = new Harness();
    await harness.ticks(2, (tick) => {
      task(harness, `ok ${tick}`, true, 2);
      task(harness, `bad ${tick}`, false, 1);
    });
    const points = (await harness.shown()).get("ai_cloud_task_duration_seconds") ?? [];
    expect(points.map(({ labels, value }) => [labels, value])).toEqual([
      [{ agent: "a", task_type: "t" }, expect.objectContaining({ count: 2, sum: 4 })],
      [{ agent: "a", task_type: "t", error_type: "unknown" }, expect.objectContaining({ count: 2, sum: 2 })],
    ]);
  });
});

describe("the window", () => {
  it("keeps the last number when nothing ended in it, and a rate is 0", async () => {
    const harness = new Harness({ windowMillis: MINUTE });
    await harness.ticks(1, () => {
      task(harness, "1", false, 4);
      harness.pipeline.instruments.recorder.recordFailureRecovery({
        failureId: "f",
        agentName: "a",
        failureType: "crash",
        recoveryAction: "x",
        success: true,
        recoveryTime: 9,
      });
    });
    await harness.ticks(30);
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(0);
    expect(await harness.value("ai_cloud_latency_p95_seconds", a)).toBe(4);
    expect(await harness.value("ai_cloud_failure_recovery_time_seconds", a)).toBe(9);
    expect(await harness.value("ai_cloud_failed_tasks_total", a)).toBe(1);
    expect(await harness.value("ai_cloud_failed_tasks_per_second", a)).toBe(0);
    expect(await harness.value("system_request_rate")).toBe(0);
  });

  it("forgets what ended a window ago", async () => {
    const harness = new Harness({ windowMillis: MINUTE });
    await harness.ticks(1, () => task(harness, "bad", false, 4));
    await harness.ticks(1, () => task(harness, "good", true, 1));
    await harness.ticks(4);
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(0.5);
    await harness.ticks(1);
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(1);
    expect(await harness.value("ai_cloud_latency_p99_seconds", a)).toBe(1);
  });

  it("is a range of time: more collections do not narrow it", async () => {
    const harness = new Harness({ windowMillis: MINUTE });
    await harness.ticks(1, () => {
      for (let i = 0; i < 30; i += 1) task(harness, `bad ${i}`, false, 1);
    });
    for (let i = 0; i < 30; i += 1) {
      harness.world.millis += 100;
      task(harness, `good ${i}`, true, 1);
      await harness.pipeline.collect();
    }
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(0.5);
    expect(await harness.value("system_request_rate")).toBeCloseTo(60 / 13, 10);
  });

  it("is a range of time: missing collections do not widen it, and rates stay exact", async () => {
    const harness = new Harness({ windowMillis: MINUTE });
    await harness.ticks(1, () => task(harness, "bad", false, 1));
    // The event loop runs meanwhile.
    for (let second = 0; second < 300; second += 1) {
      harness.world.millis += SECOND;
      harness.pipeline.clock.beat();
    }
    for (let i = 0; i < 31; i += 1) task(harness, `good ${i}`, true, 1);
    await harness.ticks(1);
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(1);
    // The time of what was counted during the gap is not known: it is spread over the gap.
    expect(await harness.value("system_request_rate")).toBeCloseTo(31 / 310, 10);
    await harness.ticks(6);
    expect(await harness.value("system_request_rate")).toBe(0);
  });

  it("may be longer than the maximum of slices", async () => {
    const harness = new Harness({ windowMillis: 600 * SECOND, collectionIntervalMillis: SECOND });
    await harness.ticks(1, () => task(harness, "bad", false, 1));
    await harness.ticks(10);
    await harness.ticks(1, () => task(harness, "good", true, 1));
    await harness.ticks(586);
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(0.5);
    await harness.ticks(4);
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(1);
    await harness.ticks(12);
    expect(await harness.value("ai_cloud_task_success_rate", a)).toBe(1);
    expect(await harness.value("system_request_rate")).toBe(0);
  });
});
