import { describe, expect, it, vi } from "vitest";
import { Hurry, hurried } from "../../src/core/hurry.ts";

function result(...scopeMetrics: string[]) {
  return { errors: [], resourceMetrics: { scopeMetrics } };
}

describe("a collection in a hurry", () => {
  it("waits as asked before the hurry begins, and shortly after", async () => {
    const collect = vi.fn(async () => result("a"));
    const hurry = new Hurry();
    const source = hurried({ collect }, hurry);
    await source.collect({ timeoutMillis: 5000 });
    hurry.begin();
    await source.collect({ timeoutMillis: 5000 });
    await source.collect({ timeoutMillis: 50 });
    await source.collect();
    expect(collect.mock.calls).toEqual([
      [{ timeoutMillis: 5000 }],
      [{ timeoutMillis: 200 }],
      [{ timeoutMillis: 50 }],
      [{ timeoutMillis: 200 }],
    ]);
  });

  it("that is under way is replaced by a short one", async () => {
    const never = new Promise<ReturnType<typeof result>>(() => {});
    const collect = vi.fn().mockReturnValueOnce(never).mockResolvedValue(result("second"));
    const hurry = new Hurry();
    const collected = hurried({ collect }, hurry).collect({ timeoutMillis: 5000 });
    hurry.begin();
    expect(await collected).toEqual(result("second"));
  });

  it("loses nothing where the first one ends while the short one runs", async () => {
    const first = Promise.withResolvers<ReturnType<typeof result>>();
    const second = Promise.withResolvers<ReturnType<typeof result>>();
    const collect = vi.fn().mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
    const hurry = new Hurry();
    const collected = hurried({ collect }, hurry).collect();
    hurry.begin();
    await vi.waitUntil(() => collect.mock.calls.length === 2);
    first.resolve(result("first"));
    await first.promise;
    second.resolve(result("second"));
    expect(await collected).toEqual(result("first", "second"));
  });

  it("fails as its source does", async () => {
    const hurry = new Hurry();
    const source = hurried({ collect: () => Promise.reject(new Error("no")) }, hurry);
    await expect(source.collect()).rejects.toThrow("no");
    hurry.begin();
    await expect(source.collect()).rejects.toThrow("no");
  });
});
