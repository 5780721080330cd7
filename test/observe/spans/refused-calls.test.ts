import { expect, it } from "vitest";
import { refusedCallsOf } from "../../../src/observe/spans/refused-calls.ts";
import { workOf } from "../../../src/observe/spans/span-reading.ts";

const tools = ['{"type":"function","name":"search","inputSchema":{}}', '{"type":"function","name":"a\\"b"}'];

function refused(calls: unknown, given: unknown = tools) {
  return refusedCallsOf({
    "ai.response.toolCalls": typeof calls === "string" ? calls : JSON.stringify(calls),
    ...(Array.isArray(given) ? { "ai.prompt.tools": given } : {}),
  });
}

it("a call of a tool that the model does not have was not started", () => {
  expect(refused([{ toolName: "search", input: "{}" }, { toolName: "made_up" }])).toEqual([
    { errorType: "AI_NoSuchToolError" },
  ]);
  expect(refused([{ toolName: 'a"b' }])).toEqual([]);
});

it("a call that a stream marks as invalid was not started", () => {
  const invalid = (name?: string) => ({ toolName: "search", invalid: true, error: { name } });
  expect(refused([invalid("AI_InvalidToolInputError"), invalid(), invalid("AI_NoSuchToolError")])).toEqual([
    { toolName: "search", errorType: "AI_InvalidToolInputError" },
    { toolName: "search", errorType: "AI_InvalidToolInputError" },
    { errorType: "AI_NoSuchToolError" },
  ]);
});

it.each([
  ["whose tools are not known", [{ toolName: "made_up" }], null],
  ["of a tool that the provider runs", [{ toolName: "web", providerExecuted: true, invalid: true }], tools],
  ["without a name", [{}, null, 1], tools],
  ["in no list", {}, tools],
  ["in no JSON", "[", tools],
])("no call is reported %s", (_, calls, given) => {
  expect(refused(calls, given)).toEqual([]);
});

it("only model calls have them", () => {
  const attributes = {
    "ai.response.toolCalls": '[{"toolName":"made_up"}]',
    "ai.prompt.tools": tools,
    "gen_ai.system": "p",
    "gen_ai.request.model": "m",
  };
  expect(workOf({ name: "call", attributes })?.refusedCalls).toHaveLength(1);
  const tool = { ...attributes, "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };
  expect(workOf({ name: "call", attributes: tool })?.refusedCalls).toBeUndefined();
});

it.each([
  [100_000, 1],
  [100_001, 0],
])("a list of %i characters has %i calls that were not started", (length, count) => {
  const list = (text: string) => JSON.stringify([{ toolName: "made_up", text }]);
  const json = list("x".repeat(length - list("").length));
  expect(json).toHaveLength(length);
  expect(refused(json)).toHaveLength(count);
});
