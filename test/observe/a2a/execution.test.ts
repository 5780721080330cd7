import { beforeEach, expect, it } from "vitest";
import { Execution } from "../../../src/observe/a2a/execution.ts";
import { recordedWork } from "../work/recorded.ts";

let bench: ReturnType<typeof recordedWork>;
let execution: Execution;

beforeEach(() => {
  bench = recordedWork();
  execution = new Execution(bench.work, "guide", () => {});
  expect(bench.done()).toEqual([["begin", "guide", ""]]);
});

const status = (state: unknown) => () => execution.published({ status: { state } });
const data = (state: unknown) => () => execution.published({ data: { status: { state } } });
const message = () => execution.published({});
const returned = () => execution.returned();

it.each([
  ["only a message", [message, returned], [["end", "success"]]],
  ["nothing", [returned], [["end", "success"]]],
  ["a task that goes on", [status("working"), returned], []],
  ["an end before it returns", [status("completed"), message], []],
  ["an end and returns", [status("working"), status("completed"), returned], [["end", "success", undefined]]],
  ["an end after it has returned", [data(2), returned, data(4)], [["end", "failure", "failed"]]],
  ["a refusal", [status("rejected"), returned], [["end", "failure", "rejected"]]],
  ["a question", [data(6), message, returned], [["end", "success", undefined]]],
  // An executor may not notice that its task was cancelled.
  ["a cancellation", [status("canceled")], [["end", "cancelled", undefined]]],
  ["a cancellation of version 1", [data(5)], [["end", "cancelled", undefined]]],
  [
    "an error",
    [status("working"), () => execution.threw(new RangeError("no"))],
    [["end", "failure", "RangeError"]],
  ],
] as const)("an executor that publishes %s", (_, steps, recorded) => {
  for (const step of steps) step();
  expect(bench.done()).toEqual(recorded);
});

it("works for its agent", () => {
  expect(execution.atWork.agentName).toBe("guide");
});
