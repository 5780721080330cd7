import { describe, expect, it } from "vitest";
import { AgentBook } from "../../src/agents/agent-book.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const START = Date.UTC(2026, 0, 1);

function newBook(limits: { windowMillis?: number; maxAgents?: number } = {}): AgentBook {
  return new AgentBook({ windowMillis: 5 * MINUTE, maxAgents: 10_000, ...limits });
}

function ended(taskId: string, success = true, executionTime = 1, agentName = "a") {
  return { taskId, agentName, taskType: "t", success, executionTime };
}

const failure = { failureId: "f", agentName: "a", failureType: "crash" };
const recovery = { failureId: "f", agentName: "a", recoveryAction: "restart", success: true };

describe("tasks", () => {
  it("counts successes, failures and cancellations separately; rates ignore cancellations", () => {
    const book = newBook();
    for (const id of ["1", "2", "3"]) book.endTask(ended(id), START);
    book.endTask(ended("4", false), START);
    book.startTask({ taskId: "5", agentName: "a", taskType: "t" }, START);
    expect(book.cancelTask({ taskId: "5", agentName: "a" }, START)).toEqual({});
    expect(book.performance("a", START)).toMatchObject({
      completedTasks: 3,
      failedTasks: 1,
      cancelledTasks: 1,
      activeTasks: 0,
      taskSuccessRate: 0.75,
      successRate: 0.75,
      failureRate: 0.25,
    });
  });

  it("drops a second end of a task, however the task ended first", () => {
    const book = newBook();
    book.endTask(ended("1", false), START);
    expect(book.endTask(ended("1", true), START)).toEqual({ dropped: "duplicate_task" });
    expect(book.cancelTask({ taskId: "1", agentName: "a" }, START)).toEqual({ dropped: "duplicate_task" });
    expect(book.startTask({ taskId: "1", agentName: "a", taskType: "t" }, START)).toEqual({
      dropped: "duplicate_task",
    });
    book.startTask({ taskId: "2", agentName: "a", taskType: "t" }, START);
    book.cancelTask({ taskId: "2", agentName: "a" }, START);
    expect(book.endTask(ended("2"), START)).toEqual({ dropped: "duplicate_task" });
    expect(book.performance("a", START)).toMatchObject({
      completedTasks: 0,
      failedTasks: 1,
      cancelledTasks: 1,
    });
  });

  it("drops a second start of an active task", () => {
    const book = newBook();
    const start = { taskId: "1", agentName: "a", taskType: "t" };
    expect(book.startTask(start, START)).toEqual({});
    expect(book.startTask(start, START)).toEqual({ dropped: "duplicate_task" });
    expect(book.performance("a", START).activeTasks).toBe(1);
  });

  it("accepts the same task id from two agents", () => {
    const book = newBook();
    expect(book.endTask(ended("1", true, 1, "a"), START)).toEqual({});
    expect(book.endTask(ended("1", false, 1, "b"), START)).toEqual({});
    expect(book.performance("a", START).taskSuccessRate).toBe(1);
    expect(book.performance("b", START).taskSuccessRate).toBe(0);
  });

  it("drops the cancellation of a task that was not started", () => {
    expect(newBook().cancelTask({ taskId: "1", agentName: "a" }, START)).toEqual({ dropped: "unknown_task" });
  });

  it("counts a task that never ends as active, and in no rate", () => {
    const book = newBook();
    book.startTask({ taskId: "1", agentName: "a", taskType: "t" }, START);
    const later = START + 24 * 60 * MINUTE;
    expect(book.expire(later - 60 * MINUTE)).toEqual([]);
    const performance = book.performance("a", later);
    expect(performance).toMatchObject({ activeTasks: 1, completedTasks: 0, failedTasks: 0 });
    expect(performance).not.toHaveProperty("taskSuccessRate");
    expect(performance).not.toHaveProperty("successRate");
    expect(performance).not.toHaveProperty("latencyP50");
    expect([...book.activeTasks()]).toEqual([["a", 1]]);
  });

  it("drops a start beyond the maximum of open tasks", () => {
    const book = newBook();
    for (let id = 0; id < 10_000; id += 1)
      book.startTask({ taskId: String(id), agentName: "a", taskType: "t" }, START);
    expect(book.startTask({ taskId: "more", agentName: "a", taskType: "t" }, START)).toEqual({
      dropped: "max_open_tasks",
    });
    expect(book.endTask(ended("0"), START)).toEqual({});
    expect(book.startTask({ taskId: "more", agentName: "a", taskType: "t" }, START)).toEqual({});
  });

  it("counts a task without an id as active until it ends", () => {
    const book = newBook();
    const opened = book.openTask("a", "t", START);
    if (opened.dropped !== undefined) throw new Error(opened.dropped);
    expect(book.performance("a", START).activeTasks).toBe(1);
    opened.end("failure", 2, START + 2000);
    expect(book.performance("a", START + 2000)).toMatchObject({ activeTasks: 0, failedTasks: 1 });
  });
});

describe("retried attempts", () => {
  it("count in the rates of attempts, not of tasks", () => {
    const book = newBook();
    for (const id of ["1", "2", "3"]) book.endTask(ended(id), START);
    book.endTask(ended("4", false), START);
    for (let attempt = 0; attempt < 4; attempt += 1)
      book.countAttempt({ agentName: "a", taskType: "t", outcome: "failure" }, START);
    expect(book.performance("a", START)).toMatchObject({
      taskSuccessRate: 3 / 4,
      successRate: 3 / 8,
      failureRate: 5 / 8,
      failedTasks: 1,
    });
  });
});

describe("task types", () => {
  it("have separate numbers, also if a type has the name of a property of every object", () => {
    const book = newBook();
    for (const taskType of ["__proto__", "constructor", "toString", "plain"])
      book.endTask({ ...ended(taskType, taskType !== "plain"), taskType }, START);
    const { byTaskType } = book.performance("a", START);
    expect(Object.keys(byTaskType).sort()).toEqual(["__proto__", "constructor", "plain", "toString"]);
    expect(Object.getOwnPropertyDescriptor(byTaskType, "__proto__")?.value).toMatchObject({
      completedTasks: 1,
    });
    expect(byTaskType.plain).toMatchObject({ completedTasks: 0, failedTasks: 1, taskSuccessRate: 0 });
    expect(byTaskType.constructor).toMatchObject({ completedTasks: 1 });
  });

  it("beyond a hundred count only in the totals of the agent", () => {
    const book = newBook();
    for (let type = 0; type < 150; type += 1)
      book.endTask({ ...ended(String(type)), taskType: `type ${type}` }, START);
    const performance = book.performance("a", START);
    expect(Object.keys(performance.byTaskType)).toHaveLength(100);
    expect(performance.completedTasks).toBe(150);
  });
});

describe("failures and recoveries", () => {
  it("measures the time from the failure to its recovery", () => {
    const book = newBook();
    book.recordFailure(failure, START);
    expect(book.performance("a", START).openFailures).toEqual([
      { failureId: "f", failureType: "crash", since: START, failedRecoveries: 0 },
    ]);
    expect(book.recordRecovery(recovery, START + 4500)).toEqual({
      recoverySeconds: 4.5,
      failureType: "crash",
    });
    expect(book.performance("a", START + 4500)).toMatchObject({
      averageRecoveryTime: 4.5,
      recoveredFailures: 1,
      openFailures: [],
    });
  });

  it("counts one recovery per failure", () => {
    const book = newBook();
    book.recordFailure(failure, START);
    book.recordRecovery(recovery, START + 1000);
    expect(book.recordRecovery(recovery, START + 9000)).toEqual({ dropped: "already_recovered" });
    expect(book.recordRecovery({ ...recovery, success: false }, START + 9000)).toEqual({
      dropped: "already_recovered",
    });
    expect(book.recordFailure(failure, START + 9000)).toEqual({ dropped: "duplicate_failure" });
    expect(book.performance("a", START + 9000)).toMatchObject({
      averageRecoveryTime: 1,
      recoveredFailures: 1,
    });
  });

  it("drops a recovery of a failure that was never recorded", () => {
    const book = newBook();
    expect(book.recordRecovery(recovery, START)).toEqual({ dropped: "unknown_failure" });
    expect(book.recordRecovery({ ...recovery, success: false }, START)).toEqual({
      dropped: "unknown_failure",
    });
    expect(book.performance("a", START)).toMatchObject({ recoveredFailures: 0, failedRecoveries: 0 });
  });

  it("keeps a failure open if its recovery fails, and measures the time from the failure", () => {
    const book = newBook();
    book.recordFailure(failure, START);
    book.recordRecovery({ ...recovery, success: false }, START + 1000);
    book.recordRecovery({ ...recovery, success: false }, START + 2000);
    expect(book.performance("a", START + 2000)).toMatchObject({
      failedRecoveries: 2,
      openFailures: [{ failedRecoveries: 2 }],
    });
    expect(book.recordRecovery(recovery, START + 3000)).toMatchObject({ recoverySeconds: 3 });
  });

  it("gives no negative time if the clock goes back", () => {
    const book = newBook();
    book.recordFailure(failure, START);
    expect(book.recordRecovery(recovery, START - 5000)).toMatchObject({ recoverySeconds: 0 });
  });

  it("drops a second failure with the same id and keeps the first", () => {
    const book = newBook();
    book.recordFailure(failure, START);
    expect(book.recordFailure({ ...failure, failureType: "other" }, START + 1000)).toEqual({
      dropped: "duplicate_failure",
    });
    expect(book.recordRecovery(recovery, START + 2000)).toEqual({ recoverySeconds: 2, failureType: "crash" });
  });

  it("drops a failure beyond the maximum of open failures", () => {
    const book = newBook();
    for (let id = 0; id < 10_000; id += 1) book.recordFailure({ ...failure, failureId: String(id) }, START);
    expect(book.recordFailure(failure, START)).toEqual({ dropped: "max_open_failures" });
    expect(book.recordFailureRecovery({ ...failure, ...recovery, recoveryTime: 1 }, START)).toEqual({
      dropped: "max_open_failures",
    });
    expect(book.recordRecovery({ ...recovery, failureId: "0" }, START)).toMatchObject({ recoverySeconds: 0 });
  });
});

describe("a failure and its recovery in one record", () => {
  const record = { ...failure, ...recovery, recoveryTime: 12.5 };

  it("counts as a failure and a recovery with the given time", () => {
    const book = newBook();
    expect(book.recordFailureRecovery(record, START)).toEqual({ isNewFailure: true });
    expect(book.performance("a", START)).toMatchObject({
      averageRecoveryTime: 12.5,
      recoveredFailures: 1,
      openFailures: [],
    });
    expect(book.recordFailureRecovery(record, START)).toEqual({ dropped: "already_recovered" });
  });

  it("closes an open failure and counts it once", () => {
    const book = newBook();
    book.recordFailure(failure, START);
    expect(book.recordFailureRecovery(record, START + 1000)).toEqual({ isNewFailure: false });
    expect(book.performance("a", START + 1000)).toMatchObject({
      averageRecoveryTime: 12.5,
      openFailures: [],
    });
  });

  it("leaves the failure open if the recovery failed", () => {
    const book = newBook();
    expect(book.recordFailureRecovery({ ...record, success: false }, START)).toEqual({ isNewFailure: true });
    const performance = book.performance("a", START);
    expect(performance).toMatchObject({ failedRecoveries: 1, openFailures: [{ failureId: "f" }] });
    expect(performance).not.toHaveProperty("averageRecoveryTime");
    expect(book.recordFailureRecovery(record, START)).toEqual({ isNewFailure: false });
  });

  it.each([
    [Number.NaN, "not_finite"],
    [Number.POSITIVE_INFINITY, "not_finite"],
    [-1, "negative"],
  ])("is dropped with a time of %s", (recoveryTime, dropped) => {
    const book = newBook();
    expect(book.recordFailureRecovery({ ...record, recoveryTime }, START)).toEqual({ dropped });
    expect(book.agentNames).toEqual([]);
  });
});

describe("the window", () => {
  it("contains tasks that ended within its length, and at most a tenth longer ago", () => {
    const book = newBook({ windowMillis: 10 * SECOND });
    book.endTask(ended("old", false, 8), START);
    book.endTask(ended("new", true, 2), START + 5 * SECOND);
    const rate = (seconds: number) => book.performance("a", START + seconds * SECOND).taskSuccessRate;
    expect(rate(9.999)).toBe(0.5);
    expect(rate(10)).toBe(1);
    expect(rate(14.999)).toBe(1);
    expect(rate(15)).toBeUndefined();
  });

  it("slides when tasks are recorded and when it is read", () => {
    const book = newBook({ windowMillis: 10 * SECOND });
    book.endTask(ended("1", false, 8), START);
    book.endTask(ended("2", true, 2), START + 60 * SECOND);
    expect(book.performance("a", START + 60 * SECOND)).toMatchObject({
      taskSuccessRate: 1,
      latencyP99: 2,
      completedTasks: 1,
      failedTasks: 1,
    });
  });

  it("also covers attempts and recoveries", () => {
    const book = newBook({ windowMillis: 10 * SECOND });
    book.countAttempt({ agentName: "a", taskType: "t", outcome: "failure" }, START);
    book.recordFailureRecovery({ ...failure, ...recovery, recoveryTime: 3 }, START);
    expect(book.performance("a", START)).toMatchObject({ failureRate: 1, averageRecoveryTime: 3 });
    const later = book.performance("a", START + 10 * SECOND);
    expect(later).not.toHaveProperty("failureRate");
    expect(later).not.toHaveProperty("averageRecoveryTime");
    expect(later.recoveredFailures).toBe(1);
  });

  it("does not slide while the clock goes back", () => {
    const book = newBook({ windowMillis: 10 * SECOND });
    book.endTask(ended("1"), START);
    expect(book.performance("a", START - 60 * MINUTE).taskSuccessRate).toBe(1);
    expect(book.performance("a", START + 9 * SECOND).taskSuccessRate).toBe(1);
  });
});

describe("expiry", () => {
  it("forgets an agent that was last heard of at the given time or before", () => {
    const book = newBook();
    book.endTask(ended("1"), START);
    expect(book.expire(START - 1)).toEqual([]);
    expect(book.agentNames).toEqual(["a"]);
    expect(book.expire(START)).toEqual(["a"]);
    expect(book.agentNames).toEqual([]);
    expect(book.performance("a", START + MINUTE)).toMatchObject({ completedTasks: 0 });
  });

  it("is delayed by records, not by reading", () => {
    const book = newBook();
    book.endTask(ended("1", true, 1, "read"), START);
    book.endTask(ended("1", true, 1, "recorded"), START);
    book.performance("read", START + 50 * SECOND);
    book.recordResources("recorded", {}, START + 50 * SECOND);
    expect(book.expire(START)).toEqual(["read"]);
  });

  it("makes room for another agent", () => {
    const book = newBook({ maxAgents: 1 });
    book.endTask(ended("1", true, 1, "a"), START);
    expect(book.endTask(ended("1", true, 1, "b"), START)).toEqual({ dropped: "max_agents" });
    book.expire(START);
    expect(book.endTask(ended("1", true, 1, "b"), START + MINUTE)).toEqual({});
  });
});

describe("agents", () => {
  it("are kept up to the maximum; the next one is dropped", () => {
    const book = newBook();
    for (let agent = 0; agent < 10_000; agent += 1)
      book.endTask(ended("1", true, 1, `agent ${agent}`), START);
    expect(book.endTask(ended("1", true, 1, "one more"), START)).toEqual({ dropped: "max_agents" });
    expect(book.agentNames).toHaveLength(10_000);
    expect(book.performance("one more", START).completedTasks).toBe(0);
    expect(book.agentNames).toHaveLength(10_000);
  });

  it.each(["__proto__", "constructor", "hasOwnProperty", "toString"])("can have the name %s", (agentName) => {
    const book = newBook();
    expect(book.performance(agentName, START).completedTasks).toBe(0);
    book.endTask(ended(agentName, true, 1, agentName), START);
    book.recordFailure({ ...failure, failureId: agentName, agentName }, START);
    expect(book.performance(agentName, START)).toMatchObject({
      agentName,
      completedTasks: 1,
      openFailures: [{ failureId: agentName }],
    });
  });

  it("have the last recorded consumption of each resource, whatever its name", () => {
    const book = newBook();
    book.recordResources("a", { tokens: 10, ["__proto__"]: 3, constructor: 4 } as never, START);
    book.recordResources("a", Object.fromEntries([["__proto__", 5]]), START);
    book.recordResources("a", { tokens: 11 }, START);
    const { resourceConsumption } = book.performance("a", START);
    expect(resourceConsumption.tokens).toBe(11);
    expect(Object.getOwnPropertyDescriptor(resourceConsumption, "__proto__")?.value).toBe(5);
  });
});

it("keeps a hundred resources of an agent, and follows those that it has", () => {
  const book = newBook();
  for (let resource = 0; resource < 101; resource += 1)
    book.recordResources("a", { [`resource ${resource}`]: 1 }, START);
  book.recordResources("a", { "resource 5": 7, "resource 100": 7 }, START);
  const { resourceConsumption } = book.performance("a", START);
  expect(Object.keys(resourceConsumption)).toHaveLength(100);
  expect(resourceConsumption["resource 5"]).toBe(7);
  expect(resourceConsumption).not.toHaveProperty("resource 100");
});

describe("bad values", () => {
  const texts: [unknown, string][] = [
    [undefined, "not_a_string"],
    [null, "not_a_string"],
    [5, "not_a_string"],
    [5n, "not_a_string"],
    [Symbol("s"), "not_a_string"],
    [{}, "not_a_string"],
    ["", "empty_name"],
    [" \t\n", "empty_name"],
  ];

  it.each(texts)("%s is dropped as a name", (bad, dropped) => {
    const book = newBook();
    const name = bad as string;
    const expected = { dropped };
    expect(book.endTask({ ...ended("1"), agentName: name }, START)).toEqual(expected);
    expect(book.endTask({ ...ended("1"), taskId: name }, START)).toEqual(expected);
    expect(book.endTask({ ...ended("1"), taskType: name }, START)).toEqual(expected);
    expect(book.startTask({ taskId: name, agentName: "a", taskType: "t" }, START)).toEqual(expected);
    expect(book.cancelTask({ taskId: name, agentName: "a" }, START)).toEqual(expected);
    expect(book.openTask(name, "t", START)).toEqual(expected);
    expect(book.openTask("a", name, START)).toEqual(expected);
    expect(book.countAttempt({ agentName: "a", taskType: name, outcome: "failure" }, START)).toEqual(
      expected,
    );
    expect(book.recordFailure({ ...failure, failureId: name }, START)).toEqual(expected);
    expect(book.recordFailure({ ...failure, failureType: name }, START)).toEqual(expected);
    expect(book.recordRecovery({ ...recovery, recoveryAction: name }, START)).toEqual(expected);
    expect(book.recordResources(name, {}, START)).toEqual(expected);
    expect(book.agentNames).toEqual([]);
    expect(() => book.performance(name, START)).not.toThrow();
  });

  it.each([
    [Number.NaN, "not_finite"],
    [Number.POSITIVE_INFINITY, "not_finite"],
    [Number.NEGATIVE_INFINITY, "not_finite"],
    [undefined, "not_finite"],
    [null, "not_finite"],
    ["1", "not_finite"],
    [1n, "not_finite"],
    [Symbol("s"), "not_finite"],
    [-0.001, "negative"],
  ])("%s is dropped as a duration", (bad, dropped) => {
    const book = newBook();
    expect(book.endTask({ ...ended("1"), executionTime: bad as number }, START)).toEqual({ dropped });
    expect(book.agentNames).toEqual([]);
    expect(book.endTask(ended("1"), START)).toEqual({});
  });

  it.each([undefined, null, 0, 1, "false", "true", "", 1n, {}, new Boolean(true)])(
    "%o is dropped as a success",
    (bad) => {
      const book = newBook();
      const success = bad as boolean;
      const expected = { dropped: "not_a_boolean" };
      const both = { ...failure, ...recovery, failureId: "other", recoveryTime: 1 };
      expect(book.endTask({ ...ended("1"), success }, START)).toEqual(expected);
      expect(book.recordRecovery({ ...recovery, success }, START)).toEqual(expected);
      expect(book.recordFailureRecovery({ ...both, success }, START)).toEqual(expected);
      expect(book.agentNames).toEqual([]);
      expect(book.endTask(ended("1"), START)).toEqual({});
      book.recordFailure(failure, START);
      expect(book.recordRecovery({ ...recovery, success }, START)).toEqual(expected);
      expect(book.recordRecovery(recovery, START)).toMatchObject({ recoverySeconds: 0 });
    },
  );

  it.each([0, 5e-324, 1e-9, 1e300, Number.MAX_VALUE])("%d seconds are a valid duration", (executionTime) => {
    const book = newBook();
    book.endTask({ ...ended("1"), executionTime }, START);
    book.endTask({ ...ended("2"), executionTime }, START);
    const { latencyP50, latencyP95, latencyP99 } = book.performance("a", START);
    expect([latencyP50, latencyP95, latencyP99]).toEqual([executionTime, executionTime, executionTime]);
  });

  it("gives a finite mean recovery time, even for huge recovery times", () => {
    const book = newBook();
    for (const failureId of ["1", "2", "3"]) {
      book.recordFailureRecovery(
        { ...failure, ...recovery, failureId, recoveryTime: Number.MAX_VALUE },
        START,
      );
    }
    const { averageRecoveryTime = 0 } = book.performance("a", START);
    expect(Number.isFinite(averageRecoveryTime)).toBe(true);
  });
});
