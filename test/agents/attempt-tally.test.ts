import { expect, it } from "vitest";
import { AttemptTally, type EndedStep } from "../../src/agents/attempt-tally.ts";

const step = (taskType: string, outcome: "success" | "failure" = "success"): EndedStep => ({
  taskType,
  outcome,
});

/** The steps that are attempts of their own. */
function attemptsOf(work: (tally: AttemptTally) => void): string[] {
  const attempts: string[] = [];
  work(new AttemptTally(({ taskType }) => attempts.push(taskType)));
  return attempts;
}

it.each([
  ["success", "success", ["a"]],
  ["failure", "failure", ["a"]],
  ["success", "failure", ["a", "b"]],
  ["failure", "success", ["a", "b"]],
  ["success", "cancelled", ["a", "b"]],
] as const)(
  "the last step of %s is an attempt of a task of %s, or one of its own: %j",
  (last, outcome, all) => {
    const attempts = attemptsOf((tally) => {
      tally.ended(step("a"));
      tally.ended(step("b", last));
      expect(tally.last).toEqual(step("b", last));
      expect(tally.isOver).toBe(false);
      tally.finish(outcome);
      expect([tally.last, tally.isOver]).toEqual([undefined, true]);
    });
    expect(attempts).toEqual(all);
  },
);

it("a step that the task went on after did not end it", () => {
  const attempts = attemptsOf((tally) => {
    tally.ended(step("a"));
    tally.goesOn();
    expect(tally.last).toBeUndefined();
    tally.finish("success");
  });
  expect(attempts).toEqual(["a"]);
});

it("a step that ended before others, or after its task, is an attempt of its own", () => {
  const attempts = attemptsOf((tally) => {
    tally.ended(step("last"));
    tally.endedBefore(step("before"));
    expect(tally.last).toEqual(step("last"));
    tally.finish("success");
    tally.ended(step("after"));
    expect(tally.last).toBeUndefined();
  });
  expect(attempts).toEqual(["before", "after"]);
});
