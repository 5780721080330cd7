import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";

let monitor: PerformanceMonitor;

beforeEach(() => {
  monitor = new PerformanceMonitor({ exporters: [] });
});
afterEach(() => monitor.shutdown());

/** Values of `error_type` that tasks were recorded with. */
async function errorTypes(): Promise<unknown[]> {
  await monitor.collect();
  const { resourceMetrics } = await monitor.metricProducer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const durations = metrics.find(({ descriptor }) => descriptor.name === "ai_cloud.task.duration");
  return durations?.dataPoints.map((point) => point.attributes.error_type) ?? [];
}

function failing(error: unknown): void {
  expect(() =>
    monitor.agent("planner").task("plan", () => {
      throw error;
    }),
  ).toThrow();
}

describe("the type of a failed task's error", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const cases: [what: string, error: unknown, type: string][] = [
    ["the code of an error of the system", refused, "ECONNREFUSED"],
    [
      "the code of its cause, as fetch throws it",
      new TypeError("fetch failed", { cause: refused }),
      "ECONNREFUSED",
    ],
    ["the class of an error without a code", new RangeError("too far"), "RangeError"],
    [
      "the class where the code is no short name",
      Object.assign(new Error("no"), { code: "user 17 is gone" }),
      "Error",
    ],
    ["the class where the cause is anything", new TypeError("no", { cause: null }), "TypeError"],
    ["the type of what is no error", "a string", "string"],
  ];

  it.for(cases)("is %s", async ([, error, type]) => {
    failing(error);
    expect(await errorTypes()).toEqual([type]);
  });
});

describe("how a task ends", () => {
  it("leaves the result unchanged, synchronous or not", async () => {
    const agent = monitor.agent("planner");
    const error = new Error("no");
    expect(agent.task("plan", () => 7)).toBe(7);
    await expect(agent.task("plan", async () => 8)).resolves.toBe(8);
    await expect(agent.task("plan", () => Promise.reject(error))).rejects.toBe(error);
    expect(monitor.getPerformanceSummary("planner")).toMatchObject({ completedTasks: 2, failedTasks: 1 });
  });

  it("is neither a success nor a failure if it was aborted", () => {
    failing(new DOMException("stopped", "AbortError"));
    const summary = monitor.getPerformanceSummary("planner");
    expect(summary).toMatchObject({ completedTasks: 0, failedTasks: 0, cancelledTasks: 1, activeTasks: 0 });
    expect(summary.taskSuccessRate).toBeUndefined();
  });

  it("counts a failed attempt of a task that goes on only in the rates of attempts", () => {
    monitor.agent("planner").task("plan", (task) => {
      expect(() =>
        task.attempt(() => {
          throw new Error("once");
        }),
      ).toThrow("once");
      return task.attempt(() => "done");
    });
    expect(monitor.getPerformanceSummary("planner")).toMatchObject({
      taskSuccessRate: 1,
      successRate: 0.5,
      failureRate: 0.5,
      completedTasks: 1,
      failedTasks: 0,
    });
  });
});
