import { execFile } from "node:child_process";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isAsyncFunction, watchResult } from "../../../src/observe/work/watched-result.ts";
import { eventually } from "../../eventually.ts";

const told = { succeeded: vi.fn(), failed: vi.fn(), unknown: vi.fn() };
const watch = <Result>(work: () => Result): Result => watchResult(work, isAsyncFunction(work), told);

beforeEach(() => vi.clearAllMocks());

const app = join(import.meta.dirname, "apps/results.mjs");
const run = (mode: string, which: string): Promise<{ code: unknown; stdout: string[]; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [app, mode, which], (error, stdout, stderr) =>
      // Of the calls that lead to an error one more is ours, and of two that nobody handles the order is not fixed.
      resolve({
        code: error?.code ?? 0,
        stdout: stdout.split("\n").toSorted(),
        stderr: stderr.replace(/^ +at .*\n/gm, ""),
      }),
    );
  });

describe("a program with watched calls writes, throws and ends as without:", () => {
  it.each([
    ["handled within", 0],
    ["handled within, much later", 0],
    ["handled by nobody, async", 1],
    ["handled by nobody, shared", 1],
    ["handled by nobody, frozen", 1],
    ["handled by nobody, but said so", 0],
    ["handled by who waits, in every way", 0],
    ["more than a promise", 0],
    ["a promise that is frozen", 0],
    ["a lazy query", 0],
    ["a query that is copied", 0],
    ["a thenable that gives nothing back and takes no second handler", 0],
    ["a promise that does its work when somebody waits", 1],
    ["the same promise", 0],
    ["what stands for something else", 0],
  ])("%s", async (which, code) => {
    const [bare, watched] = await Promise.all([run("bare", which), run("watched", which)]);
    expect(bare.code).toBe(code);
    expect(watched).toEqual(bare);
  });
});

describe("the end of work", () => {
  const error = new RangeError("too far");

  it("is reported at once if the work is synchronous", () => {
    expect(watch(() => 7)).toBe(7);
    expect(told.succeeded).toHaveBeenCalledTimes(1);
    expect(() =>
      watch(() => {
        throw error;
      }),
    ).toThrow(error);
    expect(told.failed.mock.calls).toEqual([[error]]);
  });

  it("is reported for an async function in any case, with the error", async () => {
    await watch(async () => 1);
    void watch(async () => 2);
    await eventually(() => expect(told.succeeded).toHaveBeenCalledTimes(2));
    await expect(
      watch(async () => {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(told.failed.mock.calls).toEqual([[error]]);
  });

  it("is reported for an older promise before those who await it go on", async () => {
    const order: string[] = [];
    told.failed.mockImplementation(() => order.push("told"));
    const given = watch(() => Promise.reject(error));
    await given.catch(() => order.push("goes on"));
    expect(order).toEqual(["told", "goes on"]);
    expect(told.failed.mock.calls).toEqual([[error]]);
  });

  it("is seen also for a promise that nobody awaits", async () => {
    let resolve = (): void => {};
    let reject = (_: unknown): void => {};
    const good = new Promise<void>((it) => {
      resolve = it;
    });
    const bad = new Promise<void>((_, it) => {
      reject = it;
    });
    bad.catch(() => {});
    void watch(() => good);
    void watch(() => bad);
    await new Promise((later) => setTimeout(later, 20));
    expect(told.succeeded).not.toHaveBeenCalled();
    resolve();
    reject(error);
    await eventually(() => expect(told.succeeded).toHaveBeenCalledTimes(1));
    await eventually(() => expect(told.failed.mock.calls).toEqual([[undefined]]));
  });

  it("is reported once for a query that is awaited twice, with its error", async () => {
    // biome-ignore lint/suspicious/noThenProperty: as query builders have it
    const query = { then: (_: unknown, fail: (error: unknown) => void) => fail(error) };
    const given = watch(() => query);
    expect(given).toBe(query);
    expect(told.failed).not.toHaveBeenCalled();
    for (let i = 0; i < 2; i += 1) await expect(Promise.resolve(given as never)).rejects.toBe(error);
    expect(told.failed.mock.calls).toEqual([[error]]);
  });

  it.each(["promise", "query"])(
    "is seen of each of very many calls that return the same %s",
    async (kind) => {
      class Own extends Promise<string> {}
      // biome-ignore lint/suspicious/noThenProperty: as libraries of promises have it
      Object.defineProperty(Own.prototype, "then", {
        value(...handlers: unknown[]) {
          return Reflect.apply(Promise.prototype.then, this, handlers);
        },
      });
      // biome-ignore lint/suspicious/noThenProperty: as query builders have it
      const query = { then: (onFulfilled: (value: string) => void) => onFulfilled("row") };
      const shared = kind === "promise" ? new Own((resolve) => resolve("row")) : query;
      const many = 10_000;
      for (let call = 0; call < many; call += 1) void watch(() => shared);
      expect(await shared).toBe("row");
      expect(told.succeeded).toHaveBeenCalledTimes(many);
      void watch(() => shared);
      await shared;
      expect(told.succeeded).toHaveBeenCalledTimes(many + 1);
    },
  );

  it("leaves a promise as it was when its end has been seen, though nobody awaits it", async () => {
    const [good, bad] = [Promise.resolve(1), Promise.reject(error)];
    bad.catch(() => {});
    for (const shared of [good, bad]) for (let call = 0; call < 3; call += 1) void watch(() => shared);
    await eventually(() => expect(told.succeeded).toHaveBeenCalledTimes(3));
    await eventually(() => expect(told.failed).toHaveBeenCalledTimes(3));
    for (const shared of [good, bad]) expect(Object.getPrototypeOf(shared)).toBe(Promise.prototype);
  });

  it("is never known for an abandoned query", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    // biome-ignore lint/suspicious/noThenProperty: as query builders have it
    watch(() => ({ then: () => {} }));
    await eventually(() => {
      collectGarbage();
      expect(told.unknown).toHaveBeenCalledTimes(1);
    });
    expect(told.succeeded).not.toHaveBeenCalled();
  });

  it("is never known for a frozen query", () => {
    // biome-ignore lint/suspicious/noThenProperty: as query builders have it
    const query = Object.freeze({ then: () => {} });
    expect(watch(() => query)).toBe(query);
    expect(told.unknown).toHaveBeenCalledTimes(1);
  });
});
