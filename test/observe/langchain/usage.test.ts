import { describe, expect, it } from "vitest";
import { RefusedCalls, StartedCalls } from "../../../src/observe/langchain/refused-calls.ts";
import { modelOf, usageOf } from "../../../src/observe/langchain/usage.ts";
import { addUsage } from "../../../src/observe/work/agent-run.ts";
import { recordedWork } from "../work/recorded.ts";

const generation = (
  inputTokens?: number,
  outputTokens?: number,
  cacheRead?: number,
  cacheCreation?: number,
) => ({
  message: {
    usage_metadata: {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      input_token_details: { cache_read: cacheRead, cache_creation: cacheCreation },
    },
  },
});
const older = { tokenUsage: { promptTokens: 7, completionTokens: 8 } };
const tokens = (input: number, output: number, cachedInput = 0, more: object = {}) => ({
  ...{ input, output, cachedInput },
  ...more,
});

it.each([
  [{ generations: [[generation(10, 2, 4, 3)]] }, tokens(10, 2, 4, { cacheWrite: 3 })],
  [
    { generations: [[generation(10, 2, 1, 1), generation(1, 1, 1)], [generation(5, 0)]] },
    tokens(16, 3, 2, { cacheWrite: 1 }),
  ],
  [{ generations: [[{}, generation(10, 2)]], llmOutput: older }, tokens(10, 2)],
  [{ generations: [[{}]], llmOutput: older }, tokens(7, 8)],
  [{ llmOutput: {} }, undefined],
  [{}, undefined],
  [null, undefined],
  [undefined, undefined],
])("the output %j of a model has the tokens %j", (output, usage) => {
  expect(usageOf(output)).toEqual(usage);
});

it("tokens of two calls are added up, where there are some", () => {
  const one = tokens(3, 2, 1);
  expect([addUsage(one, undefined), addUsage(undefined, one), addUsage(undefined, undefined)]).toEqual([
    one,
    one,
    undefined,
  ]);
  expect(addUsage(one, tokens(10, 1, 2, { cacheWrite: 4 }))).toEqual(tokens(13, 3, 3, { cacheWrite: 4 }));
});

it.each([
  [
    { ls_model_name: "m", ls_provider: "p" },
    { model: "m", provider: "p" },
  ],
  [
    { ls_model_name: 7, ls_provider: null },
    { model: undefined, provider: undefined },
  ],
  [undefined, { model: undefined, provider: undefined }],
])("the metadata %j are of the model %j", (metadata, model) => {
  expect(modelOf(metadata)).toEqual(model);
});

describe("a message of a tool", () => {
  const failed = (more: object = {}) => ({
    ...{ type: "tool", status: "error", tool_call_id: "1", name: "search", content: "Error: no" },
    ...more,
  });

  /** What is reported of messages, in an invocation that has started some calls. */
  function reported(
    output: unknown,
    input?: unknown,
    started = new StartedCalls(),
    refused = new RefusedCalls(),
  ) {
    const { work, done } = recordedWork();
    const invocation = work.begin("one");
    done();
    refused.report(invocation, started, input, output);
    return done();
  }
  const invalid = [["toolNotStarted", "search", "ToolInputParsingException"]];
  const missing = [["toolNotStarted", undefined, "tool_not_found"]];

  it.each([
    [failed(), invalid],
    [failed({ content: 'Error: Tool "search" not found' }), missing],
    [failed({ content: "Error: search is not a valid tool" }), missing],
    [failed({ content: 'No. Error: Tool "search" not found' }), invalid],
    [failed({ content: [{}] }), invalid],
    [failed({ name: undefined }), missing],
    [failed({ type: "ai" }), []],
    [failed({ status: "success" }), []],
    [failed({ tool_call_id: undefined }), []],
  ])("%j is reported as %j", (message, report) => {
    expect(reported([message])).toEqual(report);
    expect(reported({ messages: [null, "text", message] })).toEqual(report);
  });

  it("is reported once, though it passes through several outputs", () => {
    const refused = new RefusedCalls();
    const message = failed();
    expect(reported([message], undefined, undefined, refused)).toEqual(invalid);
    expect(reported([message, failed()], undefined, undefined, refused)).toEqual(invalid);
  });

  it("is older than the run if the run began with it", () => {
    const message = failed();
    expect(reported([message], { messages: [message] })).toEqual([]);
    expect(reported([message], [failed()])).toEqual(invalid);
  });

  it("of a call that has started is reported by the call", () => {
    const started = new StartedCalls();
    started.add("1", "other");
    started.add(undefined, "fetch");
    expect(reported([failed(), failed({ tool_call_id: "2" })], undefined, started)).toEqual(invalid);
    expect(reported([failed({ tool_call_id: "3", name: "fetch" })], undefined, started)).toEqual([]);
    expect(reported([failed({ tool_call_id: "3", name: "other" })], undefined, started)).toHaveLength(1);
  });

  it.each([undefined, null, "text", {}, { messages: "text" }, []])("is none in %j", (output) => {
    expect(reported(output)).toEqual([]);
  });
});
