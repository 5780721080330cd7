import { describe, expect, it } from "vitest";
import { AgentBook } from "../../src/agents/agent-book.ts";
import { RecordedLabels } from "../../src/agents/recorded-labels.ts";
import type { TraceMoment } from "../../src/core/exemplar.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";

const MINUTE = 60_000;

function newBook(names = 100): AgentBook {
  const limits = { names, setsOfAgent: 100, furtherSets: 100 };
  return new AgentBook({
    windowMillis: 5 * MINUTE,
    maxAgents: 10,
    labels: new RecordedLabels({ limits }),
  });
}

let taskId = 0;
function endTask(book: AgentBook, task: object = {}, now = 0): void {
  taskId += 1;
  const common = { taskId: `${taskId}`, agentName: "a", taskType: "t", success: true, executionTime: 1 };
  book.endTask({ ...common, ...task }, now);
}

/** The count and the sum of what a collection reads, by labels. */
function collected(book: AgentBook): [labels: object, count: number, sum: number][] {
  return atOnce(book.collectTasks()).map(({ labels, value }) => [{ ...labels }, value.count, value.sum]);
}

describe("a collection of the tasks of a book", () => {
  it("reads each task once, whatever read the windows between", () => {
    const book = newBook();
    endTask(book, { executionTime: 0.001 });
    expect(book.performance("a", 0)).toMatchObject({ completedTasks: 1 });
    endTask(book, { executionTime: 1000 });
    endTask(book, { executionTime: 2 }, 4 * MINUTE);
    expect(collected(book)).toEqual([[{ agent: "a", task_type: "t" }, 3, 1002.001]]);
    expect(collected(book)).toEqual([]);
    expect(book.performance("a", 4 * MINUTE)).toMatchObject({ completedTasks: 3 });
  });

  it("counts tasks of several types together as if they were of one", () => {
    const [several, one] = [newBook(), newBook()];
    for (const [minute, taskType] of ["t", "t", "u", "v", "t"].entries()) {
      const task = { executionTime: 1 + minute, success: minute !== 1, errorType: "E" };
      endTask(several, { ...task, taskType }, minute * MINUTE);
      endTask(one, task, minute * MINUTE);
    }
    for (const minute of [4, 5.5, 6.5, 7.5, 20]) {
      const { byTaskType: _several, ...total } = several.performance("a", minute * MINUTE);
      const { byTaskType: _one, ...expected } = one.performance("a", minute * MINUTE);
      expect(total).toEqual(expected);
    }
  });

  it("separates error types, and leaves out cancelled tasks", () => {
    const book = newBook();
    for (const errorType of ["E", "F", "E", undefined, undefined])
      endTask(book, { success: false, errorType });
    book.startTask({ taskId: "open", agentName: "a", taskType: "t" }, 0);
    book.cancelTask({ taskId: "open", agentName: "a" }, 0);
    expect(collected(book)).toEqual([
      [{ agent: "a", task_type: "t", error_type: "E" }, 2, 2],
      [{ agent: "a", task_type: "t", error_type: "F" }, 1, 1],
      [{ agent: "a", task_type: "t", error_type: "unknown" }, 2, 2],
    ]);
  });

  it("reads that none has ended of an agent that has begun tasks, until one has", () => {
    const book = newBook();
    const none: [object, number, number] = [{ agent: "a", task_type: "t" }, 0, 0];
    book.startTask({ taskId: "1", agentName: "a", taskType: "t" }, 0);
    expect(collected(book)).toEqual([none]);
    expect(collected(book)).toEqual([]);
    const opened = book.openTask("a", "t", 0);
    expect(collected(book)).toEqual([none]);
    if (opened.dropped === undefined) opened.end("success", 2, 0);
    expect(collected(book)).toEqual([[{ agent: "a", task_type: "t" }, 1, 2]]);
    book.openTask("a", "u", 0);
    expect(collected(book)).toEqual([]);
    expect(book.performance("a", 0).byTaskType).toHaveProperty("t");
  });

  it("has the trace of the slowest task that is in a sampled one, of each ending, once", () => {
    let sampled: TraceMoment | undefined;
    const book = new AgentBook({ windowMillis: MINUTE, maxAgents: 10, currentTrace: () => sampled });
    const exemplars = (): unknown[] => atOnce(book.collectTasks()).map(({ value }) => value.exemplar);
    const within = (traceId: string | undefined, task: object): void => {
      sampled = traceId === undefined ? undefined : { traceId, spanId: "5", at: 7 };
      endTask(book, task);
    };
    within("a", { executionTime: 1 });
    within("b", { executionTime: 3 });
    within("c", { executionTime: 2 });
    within(undefined, { executionTime: 9 });
    within("d", { executionTime: 0, success: false });
    expect(exemplars()).toEqual([
      { traceId: "b", spanId: "5", at: 7, value: 3 },
      { traceId: "d", spanId: "5", at: 7, value: 0 },
    ]);
    within(undefined, {});
    expect(exemplars()).toEqual([undefined]);
  });

  it("has one histogram of all task types that are shown as other, which stay apart in the book", () => {
    const book = newBook(1);
    for (const taskType of ["t", "u", "v", "u"]) endTask(book, { taskType });
    expect(collected(book)).toEqual([
      [{ agent: "a", task_type: "t" }, 1, 1],
      [{ agent: "a", task_type: "other" }, 3, 3],
    ]);
    const { byTaskType } = book.performance("a", 0);
    expect(byTaskType).toMatchObject({ u: { completedTasks: 2 }, v: { completedTasks: 1 } });
  });

  it("counts each task whose type or error type found no room", () => {
    const full: [label: string, value: string][] = [];
    const limits = { names: 1, setsOfAgent: 100, furtherSets: 100 };
    const labels = new RecordedLabels({ limits, onFull: (label, value) => full.push([label, value]) });
    const book = new AgentBook({ windowMillis: MINUTE, maxAgents: 10, labels });
    for (const taskType of ["t", "u", "u"]) endTask(book, { taskType });
    for (const errorType of ["E", "F", "F"]) endTask(book, { success: false, errorType });
    expect(full).toEqual([
      ["task_type", "u"],
      ["task_type", "u"],
      ["error_type", "F"],
      ["error_type", "F"],
    ]);
  });

  it("has the labels of task types beyond those that an agent keeps apart", () => {
    const book = new AgentBook({ windowMillis: MINUTE, maxAgents: 10 });
    const kept = Array.from({ length: 100 }, (_, index) => `kept ${index}`);
    const further = ["x", "y", "x"];
    for (const taskType of [...kept, ...further]) endTask(book, { taskType });
    expect(collected(book).slice(100)).toEqual([
      [{ agent: "a", task_type: "x" }, 2, 2],
      [{ agent: "a", task_type: "y" }, 1, 1],
    ]);
    const { byTaskType, completedTasks } = book.performance("a", 0);
    expect(Object.keys(byTaskType)).toEqual(kept);
    expect(completedTasks).toBe(103);
  });

  it("reads what an agent did that has expired since, and its labels make room", () => {
    const book = newBook(1);
    endTask(book);
    expect(book.expire(0)).toEqual(["a"]);
    endTask(book, { agentName: "b", taskType: "u" });
    expect(collected(book)).toEqual([
      [{ agent: "a", task_type: "t" }, 1, 1],
      [{ agent: "b", task_type: "u" }, 1, 1],
    ]);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("counts a task of an impossible %f s", (seconds) => {
    const book = newBook();
    for (const one of [seconds, 2]) {
      const opened = book.openTask("a", "t", 0);
      if (opened.dropped === undefined) opened.end("success", one, 0);
    }
    expect(collected(book)).toEqual([[{ agent: "a", task_type: "t" }, 2, 2]]);
  });

  it("has labels without the names that every object has", () => {
    const book = newBook();
    endTask(book);
    expect(atOnce(book.collectTasks())[0]?.labels.constructor).toBeUndefined();
  });
});
