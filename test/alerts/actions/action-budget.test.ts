import { expect, it } from "vitest";
import { ActionBudget } from "../../../src/alerts/actions/action-budget.ts";

const MINUTE = 60_000;

it("gives out so many in any hour", () => {
  const budget = new ActionBudget(2);
  expect(budget.take(0)).toBe(true);
  expect(budget.take(30 * MINUTE)).toBe(true);
  expect(budget.take(59 * MINUTE)).toBe(false);
  expect(budget.take(60 * MINUTE)).toBe(true);
  expect(budget.take(89 * MINUTE)).toBe(false);
  expect(budget.take(90 * MINUTE)).toBe(true);
});

it("gives nothing out where there is nothing, and refuses what is no number of actions", () => {
  expect(new ActionBudget(0).take(0)).toBe(false);
  expect(() => new ActionBudget(1.5)).toThrow("perHour: expected a whole number from 0 up, got 1.5");
});
