import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { watchShared } from "../../../src/observe/work/watched-promise.ts";

/** How a promise that nobody awaits ended. */
function endingOf(promise: Promise<unknown>): Promise<string> {
  return new Promise((resolve) => {
    watchShared(promise, {
      succeeded: () => resolve("succeeded"),
      failed: () => resolve("failed"),
    });
  });
}

describe("a promise that nobody awaits", () => {
  it.each(["pending", "rejected"])("has succeeded also if it shows itself as %s", async (state) => {
    const shown = `Promise { <${state}> }`;
    const promise = Object.assign(Promise.resolve(1), { [inspect.custom]: () => shown });
    expect(inspect(promise)).toBe(shown);
    expect(await endingOf(promise)).toBe("succeeded");
  });

  it("has succeeded also if its value is a text that looks like a state", async () => {
    expect(await endingOf(Promise.resolve("{ <rejected> }"))).toBe("succeeded");
  });

  it("is as it was when all who watch it know how it ended, and no earlier", async () => {
    const promise = Promise.resolve(1);
    const isWatched = (): boolean => Object.getPrototypeOf(promise) !== Promise.prototype;
    const seen: boolean[] = [];
    await new Promise<void>((resolve) => {
      const failed = (): void => resolve();
      watchShared(promise, { succeeded: () => seen.push(isWatched()), failed });
      watchShared(promise, { succeeded: () => resolve(void seen.push(isWatched())), failed });
    });
    expect(seen).toEqual([true, false]);
  });
});
