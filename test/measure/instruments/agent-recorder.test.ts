import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MeasuredMetric } from "../../../src/core/measured-metric.ts";
import type { HistogramPoint } from "../../../src/core/metric-point.ts";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { SkipLog } from "../../../src/logging/skip-log.ts";
import { AgentRecorder } from "../../../src/measure/instruments/agent-recorder.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const START = Date.UTC(2026, 0, 1);

let recorder: AgentRecorder;
let skips: SkipLog;
let now: number;

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  now = START;
  skips = new SkipLog();
  const limits = { windowMillis: 60_000, maxAgents: 100 };
  recorder = new AgentRecorder({ ...limits, namespace: "ns", skips, now: () => now });
});

afterEach(() => {
  diag.disable();
});

function collected(): Map<string, MeasuredMetric> {
  return new Map(atOnce(recorder.collect()).map((metric) => [metric.name, metric]));
}

function points(name: string): [labels: object, value: unknown][] {
  const { points = [] } = collected().get(name) ?? {};
  return points.map(({ labels, value }) => [{ ...labels }, typeof value === "number" ? value : value.sum]);
}

const task = { taskId: "1", agentName: "a", taskType: "t", success: true, executionTime: 2.5 };
const failure = { failureId: "f", agentName: "a", failureType: "crash" };
const recovery = { failureId: "f", agentName: "a", recoveryAction: "restart", success: true };

describe("names that the application invents", () => {
  it("never show the message of an error", () => {
    const text = "No user 0 (token sk-0)";
    recorder.recordTask({ ...task, success: false, errorType: text });
    recorder.recordRetriedAttempt({ agentName: "a", taskType: "t", errorType: text });
    recorder.openTask("a", "t")("failure", 4, text);
    const labels = { agent: "a", task_type: "t", error_type: "unknown" };
    const all = collected();
    const [duration] = all.get("ns.task.duration")?.points ?? [];
    expect({ ...duration?.labels }).toEqual(labels);
    expect({ ...all.get("ns.retried_attempts")?.points[0]?.labels }).toEqual(labels);
    expect(skips.counts.get("error_text")).toBe(3);
    expect(JSON.stringify(logger.warn.mock.calls)).not.toContain("sk-0");
  });

  it("are bounded, and every task is counted", () => {
    for (let i = 0; i < 1000; i += 1) {
      recorder.recordTask({ ...task, taskId: `${i}`, success: false, errorType: `E${i}`, executionTime: 1 });
      recorder.recordTask({ ...task, taskId: `t${i}`, taskType: `t${i}`, executionTime: 1 });
      recorder.recordFailureRecovery({
        ...{ ...recovery, failureId: `${i}`, failureType: `f${i}`, recoveryAction: `r${i}`, recoveryTime: 1 },
      });
    }
    const all = collected();
    const durations = (all.get("ns.task.duration")?.points ?? []).map(({ value }) => value as HistogramPoint);
    expect(durations.length).toBeLessThan(900);
    expect(durations.reduce((sum, { count }) => sum + count, 0)).toBe(2000);
    expect(all.get("ns.failures")?.points.length).toBeLessThan(500);
    expect(all.get("ns.failure.recovery_duration")?.points.length).toBeLessThan(500);
    expect(skips.counts.get("max_names")).toBeGreaterThan(1000);
  });
});

describe("the histogram of tasks", () => {
  it("has labels for the agent, the task type and the error type of failed tasks", () => {
    recorder.recordTask({ ...task, errorType: "ignored" });
    recorder.recordTask({ ...task, taskId: "2", success: false, errorType: "ETIMEDOUT", executionTime: 4 });
    recorder.recordTask({ ...task, taskId: "3", success: false, errorType: "  ", executionTime: 8 });
    recorder.recordTask({ ...task, taskId: "4", success: false, errorType: 5n as never, executionTime: 16 });
    expect(points("ns.task.duration")).toEqual([
      [{ agent: "a", task_type: "t" }, 2.5],
      [{ agent: "a", task_type: "t", error_type: "ETIMEDOUT" }, 4],
      [{ agent: "a", task_type: "t", error_type: "unknown" }, 24],
    ]);
  });

  it("does not contain tasks that the book rejects", () => {
    recorder.recordTask(task);
    recorder.recordTask({ ...task, executionTime: 100 });
    expect(points("ns.task.duration")).toEqual([[{ agent: "a", task_type: "t" }, 2.5]]);
    expect(skips.counts).toEqual(new Map([["duplicate_task", 1]]));
  });
});

describe("a task that the caller times", () => {
  it.each([
    ["success", "ns.task.duration", { agent: "a", task_type: "t" }, 3],
    ["failure", "ns.task.duration", { agent: "a", task_type: "t", error_type: "E" }, 3],
    ["cancelled", "ns.cancelled_tasks", { agent: "a" }, 1],
  ] as const)("that ends in %s is in %s alone", (outcome, metric, labels, value) => {
    const end = recorder.openTask("a", "t");
    expect(points("ns.active_tasks")).toEqual([[{ agent: "a" }, 1]]);
    end(outcome, 3, "E");
    const all = collected();
    const recorded = ["ns.task.duration", "ns.cancelled_tasks"].filter(
      (name) => all.get(name)?.points.length,
    );
    expect(recorded).toEqual([metric]);
    const [point] = all.get(metric)?.points ?? [];
    expect({ ...point?.labels }).toEqual(labels);
    expect(typeof point?.value === "number" ? point.value : point?.value.sum).toBe(value);
    expect(points("ns.active_tasks")).toEqual([[{ agent: "a" }, 0]]);
  });

  it("can be ended also when the book has rejected it", () => {
    for (const name of ["", undefined, 5n]) recorder.openTask(name as string, "t")("failure", 1);
    expect(skips.counts).toEqual(
      new Map([
        ["empty_name", 1],
        ["not_a_string", 2],
      ]),
    );
  });
});

describe("failures and recoveries", () => {
  it("are counted and timed from the clock", () => {
    recorder.recordFailure(failure);
    recorder.recordRecovery({ ...recovery, success: false });
    expect(points("ns.open_failures")).toEqual([[{ agent: "a" }, 1]]);
    now += 7000;
    recorder.recordRecovery(recovery);
    const all = collected();
    expect(all.get("ns.failure.recovery_duration")?.points).toMatchObject([
      {
        labels: { agent: "a", recovery_action: "restart", failure_type: "crash" },
        value: { sum: 7, count: 1 },
      },
    ]);
    expect(all.get("ns.open_failures")?.points).toMatchObject([{ value: 0 }]);
  });

  it("in one record count the failure once, whether it was open before or not", () => {
    recorder.recordFailure(failure);
    const both = { ...failure, ...recovery, recoveryTime: 3 };
    recorder.recordFailureRecovery(both);
    recorder.recordFailureRecovery({ ...both, failureId: "g", success: false });
    recorder.recordFailureRecovery({ ...both, failureId: "g" });
    recorder.recordFailureRecovery({ ...both, failureId: "g" });
    const all = collected();
    expect(all.get("ns.failures")?.points).toMatchObject([{ value: 2 }]);
    expect(all.get("ns.failed_recoveries")?.points).toMatchObject([
      { labels: { agent: "a", recovery_action: "restart" }, value: 1 },
    ]);
    expect(all.get("ns.failure.recovery_duration")?.points).toMatchObject([{ value: { sum: 6, count: 2 } }]);
    expect(skips.counts).toEqual(new Map([["already_recovered", 1]]));
  });
});

describe("records that are rejected", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const throwing = {
    get agentName(): string {
      throw new Error("no name today");
    },
  };
  const unprintable = Object.create(null, {
    executionTime: {
      get: () => {
        throw Object.create(null);
      },
    },
  });
  const hostile: [string, unknown][] = [
    ["undefined", undefined],
    ["null", null],
    ["a number", 5],
    ["a BigInt", 5n],
    ["a symbol", Symbol("s")],
    ["a string", "record"],
    ["a function", () => 1],
    ["an empty object", {}],
    ["a cyclic object", { ...task, agentName: cyclic, executionTime: cyclic, taskId: cyclic }],
    ["BigInts", { ...task, ...failure, ...recovery, agentName: 1n, executionTime: 1n, recoveryTime: 1n }],
    ["symbols", { ...task, ...failure, ...recovery, agentName: Symbol("a"), executionTime: Symbol("b") }],
    ["a getter that throws", throwing],
    ["a getter that throws what cannot be printed", unprintable],
  ];
  const records = [
    "startTask",
    "recordTask",
    "cancelTask",
    "recordRetriedAttempt",
    "recordFailure",
    "recordRecovery",
    "recordFailureRecovery",
  ] as const;

  it.each(hostile)("%s: no exception, counted for each record", (_, given) => {
    for (const record of records) recorder[record](given as never);
    const counted = [...skips.counts.values()].reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(records.length);
    expect(logger.warn).toHaveBeenCalledTimes(skips.counts.size);
    for (const [name, { points }] of collected()) expect([name, points]).toEqual([name, []]);
  });

  it("a success that is neither true nor false is not recorded", () => {
    for (const success of [undefined, "false", 0])
      recorder.recordTask({ ...task, success: success as never });
    expect(skips.counts).toEqual(new Map([["not_a_boolean", 3]]));
    expect(logger.warn.mock.calls).toEqual([
      [expect.stringMatching(/not_a_boolean\): task .*success: undefined/)],
    ]);
    for (const [name, { points }] of collected()) expect([name, points]).toEqual([name, []]);
  });

  it("are logged once for each reason, and then counted", () => {
    for (let i = 0; i < 5; i += 1) recorder.recordTask({ ...task, executionTime: Number.NaN });
    recorder.recordTask({ ...task, executionTime: -1 });
    expect(skips.counts).toEqual(
      new Map([
        ["not_finite", 5],
        ["negative", 1],
      ]),
    );
    expect(logger.warn.mock.calls.map(([line]) => line)).toEqual([
      expect.stringMatching(/skipped \(not_finite\): task .*executionTime: NaN/),
      expect.stringMatching(/skipped \(negative\): task .*executionTime: a number/),
    ]);
  });

  it("are logged without their values, which may be secrets", () => {
    recorder.recordTask({ ...task, taskType: "mail of ann@example.com", executionTime: -1 });
    expect(logger.warn.mock.calls[0]?.[0]).toContain("taskType: text of 23 characters");
    expect(logger.warn.mock.calls[0]?.[0]).not.toContain("ann");
  });

  it("are logged in short, however long they are", () => {
    recorder.recordTask({ ...task, taskId: "x".repeat(100_000), executionTime: -1 });
    expect(logger.warn.mock.calls[0]?.[0].length).toBeLessThan(400);
  });
});

describe("tasks that do not end", () => {
  /** What is above 0. */
  const counts = () => {
    const all = collected();
    const found = ["active_tasks", "cancelled_tasks", "lost_tasks", "task.duration"].map((name) => {
      const { points: of = [] } = all.get(`ns.${name}`) ?? {};
      const numbers = of.map(({ labels, value }) => [
        { ...labels },
        typeof value === "number" ? value : value.count,
      ]);
      return [name, numbers.filter(([, number]) => number !== 0)] as const;
    });
    return Object.fromEntries(found.filter(([, numbers]) => numbers.length > 0));
  };
  const ofAgent = (value: number) => [[{ agent: "a" }, value]];

  it("are active until they are cancelled, which is counted once", () => {
    recorder.startTask({ taskId: "1", agentName: "a", taskType: "t" });
    recorder.startTask({ taskId: "2", agentName: "a", taskType: "t" });
    expect(counts()).toEqual({ active_tasks: ofAgent(2) });
    recorder.cancelTask({ taskId: "1", agentName: "a" });
    recorder.cancelTask({ taskId: "1", agentName: "a" });
    recorder.cancelTask({ taskId: "unknown", agentName: "a" });
    expect(counts()).toEqual({ active_tasks: ofAgent(1), cancelled_tasks: ofAgent(1) });
    expect(counts()).toEqual({ active_tasks: ofAgent(1) });
    expect([...skips.counts]).toEqual([
      ["duplicate_task", 1],
      ["unknown_task", 1],
    ]);
  });

  it.each([
    ["cancelled", { cancelled_tasks: ofAgent(1) }, []],
    ["lost", { lost_tasks: ofAgent(1) }, []],
    ["withdrawn", {}, []],
    ["unseen", {}, [["unseen_result", 1]]],
    ["success", { "task.duration": [[{ agent: "a", task_type: "t" }, 1]] }, []],
    ["failure", { "task.duration": [[{ agent: "a", task_type: "t", error_type: "E" }, 1]] }, []],
  ] as const)("are counted by how they were given up: %s", (outcome, counted, skipped) => {
    const end = recorder.openTask("a", "t");
    expect(counts()).toEqual({ active_tasks: ofAgent(1) });
    end(outcome, 3, "E");
    expect(counts()).toEqual(counted);
    expect([...skips.counts]).toEqual(skipped);
  });
});

it("attempts and failed recoveries are counted by what they were", () => {
  recorder.recordSucceededAttempt({ agentName: "a", taskType: "t" });
  recorder.recordSucceededAttempt({ agentName: "a", taskType: "t" });
  recorder.recordRetriedAttempt({ agentName: "a", taskType: "t", errorType: "E" });
  recorder.recordFailure(failure);
  recorder.recordRecovery({ ...recovery, success: false });
  const shown = [...collected()].map(([name, { points: of }]) => [
    name,
    of.map(({ labels, value }) => [{ ...labels }, value]),
  ]);
  expect(Object.fromEntries(shown)).toEqual({
    "ns.active_tasks": [[{ agent: "a" }, 0]],
    "ns.open_failures": [[{ agent: "a" }, 1]],
    "ns.succeeded_attempts": [[{ agent: "a", task_type: "t" }, 2]],
    "ns.retried_attempts": [[{ agent: "a", task_type: "t", error_type: "E" }, 1]],
    "ns.failures": [[{ agent: "a", failure_type: "crash" }, 1]],
    "ns.failed_recoveries": [[{ agent: "a", recovery_action: "restart" }, 1]],
  });
});
