import { expect, it } from "vitest";
import { ActionBudget } from "../../../src/alerts/actions/action-budget.ts";

const MINUTE = 60_000;

it("allows a maximum of actions in any hour", () => {
  const budget = new ActionBudget(2);
  expect(budget.take(0)).toBe(true);
  expect(budget.take(30 * MINUTE)).toBe(true);
  expect(budget.take(59 * MINUTE)).toBe(false);
  expect(budget.take(60 * MINUTE)).toBe(true);
  expect(budget.take(89 * MINUTE)).toBe(false);
  expect(budget.take(90 * MINUTE)).toBe(true);
});

it("takes over more actions than a call has room for", () => {
  const budget = new ActionBudget(300_001);
  budget.restore(new Array(300_000).fill(MINUTE), 0);
  expect(budget.take(0)).toBe(true);
  expect(budget.take(0)).toBe(false);
});

it("allows no action at a maximum of 0, and refuses a maximum that is not a whole number", () => {
  expect(new ActionBudget(0).take(0)).toBe(false);
  expect(() => new ActionBudget(1.5)).toThrow("perHour: expected a whole number from 0 up, got 1.5");
});
