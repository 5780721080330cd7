import { expect, it, vi } from "vitest";
import { reportInvalidToolCalls } from "../../../src/observe/ai-sdk/tool-call.ts";
import type { Invocation } from "../../../src/observe/work/invocation.ts";

const error = Object.assign(new Error("no"), { name: "AI_InvalidToolInputError" });
const noSuchTool = Object.assign(new Error("no"), { name: "AI_NoSuchToolError" });
const call = { type: "tool-call", toolName: "search", invalid: true, error };

/** The calls that are reported as not started. */
function notStarted(content: unknown): unknown[][] {
  const toolNotStarted = vi.fn();
  reportInvalidToolCalls({ toolNotStarted } as unknown as Invocation, { content });
  return toolNotStarted.mock.calls;
}

it.for([
  ["an invalid input", call, [["search", "AI_InvalidToolInputError"]]],
  ["a tool that does not exist", { ...call, error: noSuchTool }, [[undefined, "AI_NoSuchToolError"]]],
  [
    "a tool of the application",
    { ...call, providerExecuted: false },
    [["search", "AI_InvalidToolInputError"]],
  ],
  ["a tool of the provider", { ...call, providerExecuted: true }, []],
  ["a valid input", { ...call, invalid: false }, []],
  ["an input that is not said to be invalid", { ...call, invalid: undefined }, []],
  ["another part", { ...call, type: "tool-result" }, []],
] as const)("reports a call in an answer that is not started: %s", ([, part, reported]) => {
  expect(notStarted([{ type: "text" }, part])).toEqual(reported);
});

it.for([undefined, null, "text", { 0: call }])("reports nothing of the content %o", (content) => {
  expect(notStarted(content)).toEqual([]);
});
