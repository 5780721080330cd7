import { beforeEach, expect, it } from "vitest";
import { ObservedRecoveries } from "../../src/agents/observed-recoveries.ts";

const HOUR = 3_600_000;
let recoveries: ObservedRecoveries;

beforeEach(() => {
  recoveries = new ObservedRecoveries(HOUR);
});

it("a success after a failure of the same kind is a recovery", () => {
  const failureId = recoveries.failed("planner", "search", 1000);
  expect(recoveries.succeeded("planner", "search", 3500)).toEqual({ failureId, seconds: 2.5 });
  expect(recoveries.succeeded("planner", "search", 4000)).toBeUndefined();
});

it("a success of another kind or of another agent recovers nothing", () => {
  recoveries.failed("planner", "search", 0);
  expect(recoveries.succeeded("planner", "fetch", 1)).toBeUndefined();
  expect(recoveries.succeeded("critic", "search", 1)).toBeUndefined();
  expect(recoveries.succeeded("planner", "search", 1)).toBeDefined();
});

it("further failures belong to the first failure", () => {
  const failureId = recoveries.failed("planner", "search", 0);
  expect(recoveries.failed("planner", "search", 1000)).toBeUndefined();
  expect(recoveries.succeeded("planner", "search", 2000)).toEqual({ failureId, seconds: 2 });
});

it("each new failure has a new id", () => {
  const first = recoveries.failed("planner", "search", 0);
  recoveries.succeeded("planner", "search", 1);
  expect(recoveries.failed("planner", "search", 2)).not.toBe(first);
});

it("the failures of an agent that was silent for the expiry are forgotten", () => {
  recoveries.failed("planner", "search", 0);
  expect(recoveries.succeeded("planner", "search", HOUR)).toBeUndefined();
});

it("the failures of an active agent are kept for longer than the expiry", () => {
  recoveries.failed("planner", "search", 0);
  recoveries.succeeded("planner", "fetch", HOUR - 1);
  expect(recoveries.succeeded("planner", "search", HOUR)?.seconds).toBe(3600);
});

it("at most 200 kinds of an agent have an open failure, and another agent has as many", () => {
  for (let kind = 0; kind < 200; kind += 1)
    expect(recoveries.failed("planner", `kind ${kind}`, 0)).toBeDefined();
  expect(recoveries.failed("planner", "one more", 0)).toBeUndefined();
  expect(recoveries.succeeded("planner", "one more", 1)).toBeUndefined();
  expect(recoveries.failed("critic", "one more", 0)).toBeDefined();
  recoveries.succeeded("planner", "kind 7", 1);
  expect(recoveries.failed("planner", "one more", 1)).toBeDefined();
});
