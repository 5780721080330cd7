import { describe, expect, it, vi } from "vitest";
import { BoundedNames } from "../../src/agents/bounded-names.ts";

describe("bounded names", () => {
  it("are kept up to the maximum, and become other beyond", () => {
    const onFull = vi.fn();
    const names = new BoundedNames(onFull, 2);
    expect(["a", "b", "c", "a", "d"].map((name) => names.take(name))).toEqual([
      "a",
      "b",
      "other",
      "a",
      "other",
    ]);
    expect(onFull.mock.calls).toEqual([["c"], ["d"]]);
    expect(["b", "b", "d", "d", "b"].map((name) => names.take(name))).toEqual([
      "b",
      "b",
      "other",
      "other",
      "b",
    ]);
    expect(onFull.mock.calls).toEqual([["c"], ["d"], ["d"], ["d"]]);
  });

  it("are at most 200 by default, with at most 120 characters", () => {
    const names = new BoundedNames();
    const taken = new Set(Array.from({ length: 300 }, (_, index) => names.take(`agent ${index}`)));
    expect(taken.size).toBe(201);
    expect(new BoundedNames().take("x".repeat(500))).toHaveLength(120);
  });
});
