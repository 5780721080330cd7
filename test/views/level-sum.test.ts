import { expect, it } from "vitest";
import { LevelSum } from "../../src/views/level-sum.ts";

it("takes no more attribute sets than its maximum, and goes on with those that it has", () => {
  const sum = new LevelSum(2);
  expect(sum.total()).toBeUndefined();
  expect(["a", "b", "c"].map((id) => sum.set(id, { id }, 1, 0))).toEqual([true, true, false]);
  expect(sum.set("a", { id: "a" }, 5, 1)).toBe(true);
  expect(sum.total()).toBe(6);
  sum.forget(({ id }, lastHeardAt) => id === "b" && lastHeardAt === 0);
  expect(sum.total()).toBe(5);
  expect(sum.set("c", { id: "c" }, 1, 0)).toBe(true);
});
