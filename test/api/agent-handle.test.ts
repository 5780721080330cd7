import { beforeEach, describe, expect, it } from "vitest";
import type { AgentBook } from "../../src/agents/agent-book.ts";
import type { AgentPerformance } from "../../src/agents/performance.ts";
import { AgentHandle } from "../../src/api/agent-handle.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { SkipLog } from "../../src/logging/skip-log.ts";
import { AgentRecorder } from "../../src/measure/instruments/agent-recorder.ts";
import { HOSTILE } from "../harness/hostile-values.ts";

let clock = 0;
let book: AgentBook;
let recorder: AgentRecorder;
let agent: AgentHandle;

beforeEach(() => {
  clock = 1_000_000;
  const limits = { windowMillis: 60_000, maxAgents: 10 };
  recorder = new AgentRecorder({ ...limits, namespace: "ns", skips: new SkipLog(), now: () => clock });
  book = recorder.book;
  agent = new AgentHandle("a", recorder, () => clock);
});

/** The error types of the ended tasks. */
const errorTypes = (): (string | undefined)[] =>
  atOnce(book.collectTasks()).map(({ labels }) => labels.error_type);
const now = (): AgentPerformance => book.performance("a", clock);

function later<Value>(millis: number, value: Value): Promise<Value> {
  return Promise.resolve().then(() => {
    clock += millis;
    return value;
  });
}

describe("a task that is synchronous", () => {
  it("returns the result of the work, and measures and counts it", () => {
    const result = {};
    const returned = agent.task("t", () => {
      expect(now().activeTasks).toBe(1);
      clock += 2500;
      return result;
    });
    expect(returned).toBe(result);
    expect(now()).toMatchObject({ activeTasks: 0, completedTasks: 1, latencyP50: 2.5 });
    expect(errorTypes()).toEqual([undefined]);
  });

  it.each([
    [new TypeError("wrong"), "TypeError"],
    [Object.assign(new Error("no"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
    [Object.assign(new Error("no"), { code: 404 }), "Error"],
    [Object.assign(new Error("no"), { code: "some text of any length" }), "Error"],
    [Object.assign(new Error("no"), { name: 5 }), "Error"],
    [Object.assign(new Error("no"), { name: "" }), "Error"],
    ["a string", "string"],
    [undefined, "undefined"],
    [null, "object"],
    [Symbol("s"), "symbol"],
    [5n, "bigint"],
  ])("throws the error of the work unchanged: %s, counted as %s", (error, errorType) => {
    let caught: unknown = "nothing";
    try {
      agent.task("t", () => {
        clock += 100;
        throw error;
      });
    } catch (it) {
      caught = it;
    }
    expect(caught).toBe(error);
    expect(now()).toMatchObject({ activeTasks: 0, failedTasks: 1, latencyP50: 0.1 });
    expect(errorTypes()).toEqual([errorType]);
  });

  it("throws an error unchanged that can't be read", () => {
    const hostile = new Proxy(new Error("x"), {
      get: () => {
        throw new Error("keep off");
      },
      getPrototypeOf: () => {
        throw new Error("keep off");
      },
    });
    let caught: unknown;
    try {
      agent.task("t", () => {
        throw hostile;
      });
    } catch (it) {
      caught = it;
    }
    expect(caught === hostile).toBe(true);
    expect(now()).toMatchObject({ activeTasks: 0, failedTasks: 1 });
    expect(errorTypes()).toEqual(["unknown"]);
  });

  it("returns a result unchanged that can't be read", () => {
    const hostile = {
      // biome-ignore lint/suspicious/noThenProperty: it is a thenable that is tested
      get then(): never {
        throw new Error("keep off");
      },
    };
    expect(agent.task("t", () => hostile) === hostile).toBe(true);
    expect(now()).toMatchObject({ activeTasks: 0, completedTasks: 1 });
  });
});

describe.each(Object.entries(HOSTILE))("a value that code does not expect: %s", (name, make) => {
  it("is returned and thrown unchanged by a task, and the task ends", async () => {
    const value = make();
    expect(
      Object.is(
        agent.task("t", () => value),
        value,
      ),
    ).toBe(true);
    expect(
      Object.is(
        agent.task("t", (task) => task.attempt(() => value)),
        value,
      ),
    ).toBe(true);
    expect(
      Object.is(
        thrownBy(() => agent.task("t", () => raise(value))),
        value,
      ),
    ).toBe(true);
    const rejected = await rejectedBy(agent.task("t", async () => raise(value)));
    expect(Object.is(rejected.with, value)).toBe(true);
    expect(now().failedTasks + now().cancelledTasks).toBe(2);
    // What a thenable becomes is only seen when somebody awaits it.
    if (!/thenable|promise|everything/.test(name)) expect(now().activeTasks).toBe(0);
  });
});

function raise(value: unknown): never {
  throw value;
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return expect.fail("nothing was thrown");
}

/** In an object: what is rejected with may be a thenable. */
function rejectedBy(promise: Promise<unknown>): Promise<{ with: unknown }> {
  return promise.then(
    () => expect.fail("nothing was rejected"),
    (error: unknown) => ({ with: error }),
  );
}

describe("a task that is asynchronous", () => {
  it("is active until it has ended, and resolves to the same", async () => {
    const result = {};
    const task = agent.task("t", () => later(3000, result));
    expect(task).toBeInstanceOf(Promise);
    expect(now()).toMatchObject({ activeTasks: 1, completedTasks: 0 });
    expect(await task).toBe(result);
    expect(now()).toMatchObject({ activeTasks: 0, completedTasks: 1, latencyP99: 3 });
  });

  it("rejects with the same error, and causes no other rejection", async () => {
    const error = new RangeError("far");
    await expect(agent.task("t", () => Promise.reject(error))).rejects.toBe(error);
    expect(now()).toMatchObject({ activeTasks: 0, failedTasks: 1 });
    expect(errorTypes()).toEqual(["RangeError"]);
  });

  it("may be any thenable, which is called once", async () => {
    let asked = 0;
    const thenable: PromiseLike<number> = {
      // biome-ignore lint/suspicious/noThenProperty: it is a thenable that is tested
      then(onFulfilled) {
        asked += 1;
        return Promise.resolve(7).then(onFulfilled);
      },
    };
    expect(await agent.task("t", () => thenable)).toBe(7);
    expect(asked).toBe(1);
    expect(now().completedTasks).toBe(1);
  });

  it("ends once, whatever the thenable does with its handlers", async () => {
    const error = new Error("x");
    const thenable: PromiseLike<number> = {
      // biome-ignore lint/suspicious/noThenProperty: it is a thenable that is tested
      then(onFulfilled, onRejected) {
        onFulfilled?.(1);
        return onRejected?.(error) as never;
      },
    };
    expect(await agent.task("t", () => thenable)).toBe(1);
    expect(now()).toMatchObject({ activeTasks: 0, completedTasks: 1, failedTasks: 0 });
  });

  it("ends also if the thenable throws at once", async () => {
    const error = new Error("not today");
    const thenable = {
      // biome-ignore lint/suspicious/noThenProperty: it is a thenable that is tested
      then(): never {
        throw error;
      },
    };
    const given = agent.task("t", () => thenable);
    expect(now()).toMatchObject({ activeTasks: 1 });
    await expect(Promise.resolve(given as never)).rejects.toBe(error);
    expect(now()).toMatchObject({ activeTasks: 0, failedTasks: 1 });
  });

  it.each([
    () => new DOMException("stop", "AbortError"),
    () => AbortSignal.abort().reason as unknown,
    () => Object.assign(new Error("stop"), { name: "AbortError" }),
  ])("is cancelled if it is aborted: neither a success nor a failure", async (make) => {
    const error = make();
    await expect(agent.task("t", () => Promise.reject(error))).rejects.toBe(error);
    expect(now()).toMatchObject({ activeTasks: 0, cancelledTasks: 1, completedTasks: 0, failedTasks: 0 });
    expect(now()).not.toHaveProperty("taskSuccessRate");
    expect(errorTypes()).toEqual([]);
  });

  it("fails at a time limit", async () => {
    const error = new DOMException("too late", "TimeoutError");
    await expect(agent.task("t", () => Promise.reject(error))).rejects.toBe(error);
    expect(now()).toMatchObject({ failedTasks: 1, cancelledTasks: 0 });
    expect(errorTypes()).toEqual(["TimeoutError"]);
  });
});

describe("concurrent and nested tasks", () => {
  it("are counted each", async () => {
    const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const tasks = gates.map(({ promise }) => agent.task("t", () => promise));
    expect(now().activeTasks).toBe(3);
    gates[1]?.resolve();
    await tasks[1];
    expect(now()).toMatchObject({ activeTasks: 2, completedTasks: 1 });
    gates[0]?.reject(new Error("x"));
    gates[2]?.resolve();
    await Promise.allSettled(tasks);
    expect(now()).toMatchObject({ activeTasks: 0, completedTasks: 2, failedTasks: 1 });
  });

  it("end from the inside out", async () => {
    const inner: number[] = [];
    await agent.task("outer", async () => {
      await agent.task("inner", async () => {
        inner.push(now().activeTasks);
        await later(1000, 0);
      });
      inner.push(now().activeTasks);
      await later(1000, 0);
    });
    expect(inner).toEqual([2, 1]);
    expect(now().byTaskType).toMatchObject({ outer: { latencyP50: 2 }, inner: { latencyP50: 1 } });
  });
});

describe("attempts", () => {
  it("that fail while the task goes on count as failed attempts, not as a failed task", async () => {
    let attempt = 0;
    const result = await agent.task("t", async (task) => {
      for (;;) {
        try {
          return await task.attempt(async () => {
            attempt += 1;
            if (attempt < 3) throw new Error("again");
            return "done";
          });
        } catch {}
      }
    });
    expect(result).toBe("done");
    expect(now()).toMatchObject({
      taskSuccessRate: 1,
      successRate: 1 / 3,
      failureRate: 2 / 3,
      failedTasks: 0,
    });
  });

  it("count once if the last one fails: its failure is the task's", () => {
    const error = new Error("for good");
    expect(() =>
      agent.task("t", (task) => {
        try {
          task.attempt(() => {
            throw new Error("again");
          });
        } catch {}
        return task.attempt(() => {
          throw error;
        });
      }),
    ).toThrow(error);
    expect(now()).toMatchObject({ taskSuccessRate: 0, successRate: 0, failureRate: 1, failedTasks: 1 });
    // Two attempts, both failed: one retried, one the task ended with.
    agent.task("t", () => 1);
    expect(now().successRate).toBeCloseTo(1 / 3, 12);
  });

  it("that failed before the task was cancelled count as failed", async () => {
    const abort = new DOMException("stop", "AbortError");
    await agent
      .task("t", async (task) => {
        await task.attempt(() => Promise.reject(new Error("again"))).catch(() => {});
        throw abort;
      })
      .catch(() => {});
    agent.task("t", () => 1);
    expect(now()).toMatchObject({ cancelledTasks: 1, taskSuccessRate: 1, successRate: 0.5 });
  });

  it.each([
    ["fails", 1 / 3],
    ["succeeds", 0.5],
  ])("that failed count as failed if the next one is given up and the task %s", async (how, successRate) => {
    await agent
      .task("t", async (task) => {
        await task.attempt(() => Promise.reject(new Error("again"))).catch(() => {});
        await task.attempt(() => Promise.reject(new DOMException("stop", "AbortError"))).catch(() => {});
        if (how === "fails") throw new Error("for good");
      })
      .catch(() => {});
    if (how === "fails") agent.task("t", () => 1);
    expect(now().successRate).toBeCloseTo(successRate, 12);
  });

  it("that failed count as failed also if the task goes on without another attempt", () => {
    agent.task("t", (task) => {
      try {
        task.attempt(() => {
          throw new Error("plan A");
        });
      } catch {}
      return "plan B";
    });
    expect(now()).toMatchObject({ taskSuccessRate: 1, successRate: 0.5 });
  });

  it("leave results and errors unchanged", async () => {
    const result = {};
    const error = new Error("x");
    await agent.task("t", async (task) => {
      expect(task.attempt(() => result)).toBe(result);
      expect(await task.attempt(async () => result)).toBe(result);
      await expect(task.attempt(() => Promise.reject(error))).rejects.toBe(error);
    });
  });
});

describe("an agent or a task type without a name", () => {
  it.each(["", undefined, null, 5, Symbol("s")])("%s: the work runs anyway", async (name) => {
    const nameless = new AgentHandle(name as string, recorder, () => clock);
    expect(nameless.task("t", () => 1)).toBe(1);
    expect(await agent.task(name as string, async () => 2)).toBe(2);
    expect(book.agentNames).toEqual([]);
  });
});
