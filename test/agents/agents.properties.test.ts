import fc from "fast-check";
import { quantileSorted } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { AgentBook } from "../../src/agents/agent-book.ts";

const START = Date.UTC(2026, 0, 1);
const newBook = () => new AgentBook({ windowMillis: 60_000, maxAgents: 100 });
const duration = fc.double({ min: -3, max: 3, noNaN: true }).map((exponent) => 10 ** exponent);

describe("any tasks", () => {
  it("have exact rates and counts, and percentiles within 2 % of the exact ones", () => {
    const task = fc.record({ success: fc.boolean(), executionTime: duration, pauseMillis: fc.nat(100) });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 200 }), (tasks) => {
        const book = newBook();
        let now = START;
        tasks.forEach(({ success, executionTime, pauseMillis }, id) => {
          now += pauseMillis;
          book.endTask({ taskId: String(id), agentName: "a", taskType: "t", success, executionTime }, now);
        });
        const performance = book.performance("a", now);
        const completed = tasks.filter(({ success }) => success).length;
        expect(performance.completedTasks).toBe(completed);
        expect(performance.failedTasks).toBe(tasks.length - completed);
        expect(performance.taskSuccessRate).toBe(completed / tasks.length);
        expect((performance.successRate as number) + (performance.failureRate as number)).toBeCloseTo(1, 12);
        expect(performance.byTaskType.t?.taskSuccessRate).toBe(performance.taskSuccessRate);
        const sorted = tasks.map(({ executionTime }) => executionTime).sort((x, y) => x - y);
        const type7 = (q: number): number => {
          const position = q * (sorted.length - 1);
          const [below, above] = [Math.floor(position), Math.ceil(position)].map(
            (i) => sorted[i] as number,
          ) as [number, number];
          return below + (position - Math.floor(position)) * (above - below);
        };
        for (const [q, key] of [
          [0.5, "latencyP50"],
          [0.95, "latencyP95"],
          [0.99, "latencyP99"],
        ] as const)
          expect(Math.abs((performance[key] as number) / type7(q) - 1)).toBeLessThan(0.02);
      }),
    );
  });

  it("are each active, cancelled, ended or dropped", () => {
    const act = fc.record({
      taskId: fc.integer({ min: 0, max: 12 }).map(String),
      kind: fc.constantFrom("start", "succeed", "fail", "cancel"),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const book = newBook();
        const open = new Set<string>();
        const over = new Set<string>();
        const counts = { completedTasks: 0, failedTasks: 0, cancelledTasks: 0 };
        for (const { taskId, kind } of acts) {
          const of = { taskId, agentName: "a", taskType: "t" };
          if (kind === "start") {
            const taken = book.startTask(of, START).dropped === undefined;
            expect(taken).toBe(!open.has(taskId) && !over.has(taskId));
            if (taken) open.add(taskId);
            continue;
          }
          const isKnown = kind === "cancel" ? open.has(taskId) : true;
          const { dropped } =
            kind === "cancel"
              ? book.cancelTask(of, START)
              : book.endTask({ ...of, success: kind === "succeed", executionTime: 1 }, START);
          expect(dropped === undefined).toBe(isKnown && !over.has(taskId));
          if (dropped !== undefined) continue;
          open.delete(taskId);
          over.add(taskId);
          counts[
            kind === "cancel" ? "cancelledTasks" : kind === "succeed" ? "completedTasks" : "failedTasks"
          ] += 1;
        }
        expect(book.performance("a", START)).toMatchObject({ ...counts, activeTasks: open.size });
      }),
    );
  });

  it("have percentiles in order, between the minimum and the maximum", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), {
          minLength: 1,
          maxLength: 50,
        }),
        (durations) => {
          const book = newBook();
          durations.forEach((executionTime, id) => {
            book.endTask(
              { taskId: String(id), agentName: "a", taskType: "t", success: true, executionTime },
              START,
            );
          });
          const {
            latencyP50: p50,
            latencyP95: p95,
            latencyP99: p99,
          } = book.performance("a", START) as Required<ReturnType<AgentBook["performance"]>>;
          const sorted = durations.toSorted((x, y) => x - y);
          expect(p50).toBeGreaterThanOrEqual(quantileSorted(sorted, 0));
          expect(p99).toBeLessThanOrEqual(quantileSorted(sorted, 1));
          expect(p50).toBeLessThanOrEqual(p95);
          expect(p95).toBeLessThanOrEqual(p99);
        },
      ),
    );
  });
});

describe("any records", () => {
  it("never throw, and leave every rate in 0..1 and every count whole", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
    });
    const value = fc.oneof(
      anything,
      fc.constantFrom("a", "b", "t", 1, 0, -1, Number.NaN, "__proto__", "constructor"),
    );
    const record = fc.record(
      {
        taskId: value,
        agentName: value,
        taskType: value,
        success: value,
        executionTime: value,
        failureId: value,
        failureType: value,
        recoveryAction: value,
        recoveryTime: value,
      },
      { requiredKeys: [] },
    );
    const method = fc.constantFrom(
      "startTask",
      "endTask",
      "cancelTask",
      "countAttempt",
      "recordFailure",
      "recordRecovery",
      "recordFailureRecovery",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(method, record), { maxLength: 30 }), (calls) => {
        const book = newBook();
        for (const [name, given] of calls) book[name](given as never, START);
        for (const agent of book.agentNames) {
          const performance = book.performance(agent, START);
          for (const rate of ["taskSuccessRate", "successRate", "failureRate"] as const) {
            expect(performance[rate] ?? 0).toBeGreaterThanOrEqual(0);
            expect(performance[rate] ?? 0).toBeLessThanOrEqual(1);
          }
          for (const count of ["completedTasks", "failedTasks", "activeTasks", "recoveredFailures"] as const)
            expect(Number.isInteger(performance[count])).toBe(true);
        }
      }),
    );
  });
});
