import { describe, expect, it } from "vitest";
import { Agent } from "../../src/agents/agent.ts";
import { AgentBook } from "../../src/agents/agent-book.ts";
import { ConcurrencyRecord } from "../../src/agents/concurrency-record.ts";
import { RecordedLabels } from "../../src/agents/recorded-labels.ts";
import { scalabilityOf } from "../../src/agents/scalability.ts";
import { fitScalability } from "../../src/math/scalability-law.ts";
import { scalableThroughput } from "../math/scalable-throughput.ts";

const truth = { lambda: 20, sigma: 0.05, kappa: 0.002 };

/** Runs `concurrency` tasks at once until 200 have ended. A period is 50 tasks. */
function work(record: ConcurrencyRecord, concurrency: number, law = truth): void {
  const millis = 1000 / scalableThroughput(concurrency, law);
  for (let task = 1; task <= 200; task += 1) {
    record.addTime(millis, concurrency);
    record.countEnd();
    if (task % 50 === 0) record.closePeriod();
  }
}

function recordOf(levels: readonly number[], law = truth): ConcurrencyRecord {
  const record = new ConcurrencyRecord();
  for (const level of levels) work(record, level, law);
  return record;
}

describe("the record of concurrency", () => {
  it("pairs the mean number of active tasks with the rate at which tasks end", () => {
    const record = new ConcurrencyRecord();
    for (let task = 0; task < 20; task += 1) {
      record.addTime(100, 1);
      record.addTime(100, 3);
      record.countEnd();
    }
    record.closePeriod();
    const [point, ...others] = record.points();
    expect(others).toEqual([]);
    expect(point?.concurrency).toBe(2);
    expect(point?.throughput).toBeCloseTo(5, 12);
  });

  it("ignores the time in which no task is active", () => {
    const agent = new Agent("planner", { windowMillis: 60_000, labels: new RecordedLabels() }, 0);
    for (let task = 0; task < 20; task += 1) {
      agent.hear(agent.lastHeardAt + 5000);
      agent.startTask(`task ${task}`, "plan");
      agent.hear(agent.lastHeardAt + 100);
      agent.endTask(`task ${task}`, "plan", "success", 0.1);
    }
    agent.concurrency.closePeriod();
    const [point] = agent.concurrency.points();
    expect(point?.concurrency).toBe(1);
    expect(point?.throughput).toBeCloseTo(10, 12);
  });

  it("gives a point only after enough tasks have ended", () => {
    const record = new ConcurrencyRecord();
    for (let task = 1; task <= 10; task += 1) {
      expect(record.points()).toEqual([]);
      record.addTime(100, 1);
      record.countEnd();
      record.closePeriod();
    }
    expect(record.points()).toHaveLength(1);
  });

  it("takes what differs by less than an eighth of a doubling for one level, and all beyond 65,536 tasks", () => {
    expect(recordOf([16, 17.4]).points()).toHaveLength(1);
    expect(recordOf([16, 17.5]).points()).toHaveLength(2);
    expect(recordOf(Array.from({ length: 9 }, (_, step) => 2 ** (step / 4))).points()).toHaveLength(9);
    expect(recordOf([2 ** 16, 2 ** 18]).points()).toHaveLength(1);
    expect(recordOf([2 ** 15.75, 2 ** 16]).points()).toHaveLength(2);
  });

  it("weighs a level by its tasks, of which it remembers a thousand", () => {
    const record = new ConcurrencyRecord();
    const weights = [400, 600, 1000, 1000].map((tasks) => {
      record.addTime(100 * tasks, 1);
      for (let task = 0; task < tasks; task += 1) record.countEnd();
      record.closePeriod();
      return record.points()[0]?.weight;
    });
    // The throughput is 10 tasks a second.
    expect(weights).toEqual([4, 10, 10, 10].map((weight) => expect.closeTo(weight, 9)));
  });

  it("keeps a bounded number of levels, and forgets old values of a level", () => {
    const record = recordOf(Array.from({ length: 400 }, (_, index) => 1 + index * 3));
    expect(record.points().length).toBeLessThanOrEqual(65);
    const changed = recordOf([4]);
    for (let round = 0; round < 60; round += 1) work(changed, 4, { ...truth, lambda: 40 });
    const after = scalableThroughput(4, { ...truth, lambda: 40 });
    expect((changed.points()[0]?.throughput ?? 0) / after).toBeCloseTo(1, 2);
  });
});

/** The scalabilities that a book has found after work that follows the law, with a pause in each period. */
function foundWith(pauseMillis: number): [string, ReturnType<typeof scalabilityOf>][] {
  const book = new AgentBook({ windowMillis: 60_000, maxAgents: 10 });
  let now = Date.UTC(2026, 0, 1);
  let tasks = 0;
  const open: string[] = [];
  const of = (taskId: string) => ({ taskId, agentName: "planner", taskType: "plan" });
  const start = (): void => {
    const taskId = String(++tasks);
    open.push(taskId);
    book.startTask(of(taskId), now);
  };
  const end = (millis: number): void => {
    now += millis;
    book.endTask({ ...of(open.shift() as string), success: true, executionTime: 0.1 }, now);
    start();
  };
  for (const concurrency of [1, 2, 4, 6, 8, 12, 16, 24, 32]) {
    while (open.length < concurrency) start();
    if (pauseMillis > 0) {
      end(pauseMillis);
      now += pauseMillis;
      book.resume(now);
    }
    for (let task = 0; task < 200; task += 1) end(1000 / scalableThroughput(concurrency, truth));
    for (const taskId of open.splice(0)) book.cancelTask(of(taskId), now);
    for (const _ of book.closePeriods());
  }
  return [...book.scalabilities()];
}

describe("the scalability of an agent in a book", () => {
  it("is that of its periods, without the pauses and what was before them in a period", () => {
    const [[name, undisturbed] = [], ...others] = foundWith(0);
    expect([name, others]).toEqual(["planner", []]);
    expect(undisturbed?.contention?.value).toBeCloseTo(0.05, 4);
    const [[, paused] = []] = foundWith(600_000);
    expect(paused?.contention?.value).toBeCloseTo(0.05, 4);
    expect(paused?.peakConcurrency?.value).toBeCloseTo(undisturbed?.peakConcurrency?.value ?? 0, 6);
  });
});

describe("the scalability of an agent", () => {
  it("is found from tasks that follow the law", () => {
    const { contention, coherence, peakConcurrency } = scalabilityOf(
      recordOf([1, 2, 4, 6, 8, 12, 16, 24, 32]).points(),
    );
    expect(contention?.value).toBeCloseTo(0.05, 4);
    expect(coherence?.value).toBeCloseTo(0.002, 5);
    expect(peakConcurrency?.value).toBeCloseTo(Math.sqrt(0.95 / 0.002), 1);
    for (const number of [contention, coherence, peakConcurrency]) {
      expect(number?.lower).toBeLessThanOrEqual(number?.value as number);
      expect(number?.upper).toBeGreaterThanOrEqual(number?.value as number);
    }
  });

  it.for([
    ["too few levels", [1, 2, 4, 8, 16]],
    ["too narrow a spread", [10, 12, 14, 17, 20, 24, 28]],
  ] as const)("is not estimated from %s", ([, levels]) => {
    expect(scalabilityOf(recordOf(levels).points())).toEqual({});
  });

  it("is not estimated if the law explains the throughput badly, however narrow the interval is", () => {
    // Constant but for a rounding: no contention and no coherence are sure, and nothing is explained.
    const levels = [1, 2, 4, 8, 16, 32, 64];
    const points = levels.map((concurrency, index) => ({ concurrency, throughput: 50 + (index % 2) }));
    expect(fitScalability(points)?.explained).toBeLessThan(0.9);
    expect(fitScalability(points)?.contention.standardError).toBeLessThan(0.02);
    expect(scalabilityOf(points)).toEqual({});
  });

  it("is not estimated if no fit is possible", () => {
    const points = [1, 2, 4, 8, 16, 32, 64].map((concurrency) => ({ concurrency, throughput: Number.NaN }));
    expect(fitScalability(points)).toBeUndefined();
    expect(scalabilityOf(points)).toEqual({});
  });

  it("is not estimated if throughput does not depend on concurrency", () => {
    const points = [1, 2, 4, 8, 16, 32, 64].map((concurrency, index) => ({
      concurrency,
      throughput: index % 2 === 0 ? 10 : 100,
    }));
    expect(scalabilityOf(points)).toEqual({});
  });

  it("has no peak that is far beyond the highest level", () => {
    const shown = scalabilityOf(
      recordOf([1, 2, 3, 4, 6, 8], { lambda: 20, sigma: 0.05, kappa: 1e-5 }).points(),
    );
    expect(shown.contention?.value).toBeCloseTo(0.05, 3);
    expect(shown.peakConcurrency).toBeUndefined();
  });
});
