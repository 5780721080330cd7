import { describe, expect, it } from "vitest";
import { ofGenkit } from "../../../src/observe/spans/genkit.ts";

const action = (subtype: string, output?: string) => ({
  "genkit:type": "action",
  "genkit:metadata:subtype": subtype,
  ...(output === undefined ? {} : { "genkit:output": output }),
});

describe("a span of Genkit", () => {
  it.each([
    ["flow", { role: "agent", taskType: "invoke_workflow", agentName: "a/b" }],
    ["agent", { role: "agent", taskType: "invoke_agent", agentName: "a/b" }],
    ["tool", { role: "tool", taskType: "execute_tool a/b", toolName: "a/b" }],
    ["tool.v2", { role: "tool", taskType: "execute_tool a/b", toolName: "a/b" }],
    ["model", { role: "model", taskType: "chat", model: "b", provider: "a" }],
    ["embedder", undefined],
    ["", undefined],
  ])("of the kind %j is read as %j", (subtype, reading) => {
    expect(ofGenkit("a/b", action(subtype))).toEqual(reading);
  });

  it.each([
    ["m", { model: "m" }],
    ["a/b/c", { model: "b/c", provider: "a" }],
    ["/m", { model: "m", provider: "" }],
  ])("of the model %j has %j", (name, model) => {
    expect(ofGenkit(name, action("model"))).toEqual({ role: "model", taskType: "chat", ...model });
  });

  it.each([
    [
      { "genkit:type": "dotprompt", "genkit:isRoot": true },
      { role: "agent", taskType: "invoke_agent", agentName: "p" },
    ],
    [{ "genkit:type": "dotprompt", "genkit:isRoot": false }, undefined],
    [{ "genkit:type": "dotprompt" }, undefined],
    [{ "genkit:type": "util", "genkit:metadata:subtype": "flow" }, undefined],
    [{}, undefined],
  ])("with the attributes %j is read as %j", (attributes, reading) => {
    expect(ofGenkit("p", attributes)).toEqual(reading);
  });
});

describe("the tokens of a model's output", () => {
  const usageOf = (output: string) => (ofGenkit("m", action("model", output)) as { usage?: object }).usage;
  const of = (usage: object) => usageOf(JSON.stringify({ usage }));

  it.each([
    [
      { inputTokens: 10, outputTokens: 2 },
      { input: 10, output: 2, cachedInput: 0 },
    ],
    [
      { inputTokens: 10, outputTokens: 2, cachedContentTokens: 4 },
      { input: 10, output: 2, cachedInput: 4 },
    ],
    // Thoughts are a part of the output, or beside it.
    [
      { inputTokens: 10, outputTokens: 5, thoughtsTokens: 3, totalTokens: 15 },
      { input: 10, output: 5, cachedInput: 0 },
    ],
    [
      { inputTokens: 10, outputTokens: 5, thoughtsTokens: 3, totalTokens: 17 },
      { input: 10, output: 5, cachedInput: 0 },
    ],
    [
      { inputTokens: 10, outputTokens: 5, thoughtsTokens: 3, totalTokens: 18 },
      { input: 10, output: 8, cachedInput: 0 },
    ],
    [
      { inputTokens: 10, outputTokens: 5, thoughtsTokens: 3, totalTokens: 19 },
      { input: 10, output: 8, cachedInput: 0 },
    ],
    [
      { inputTokens: 10, outputTokens: 5, thoughtsTokens: 3 },
      { input: 10, output: 5, cachedInput: 0 },
    ],
    [
      { inputTokens: 10, thoughtsTokens: 3, totalTokens: 13 },
      { input: 10, output: 3, cachedInput: 0 },
    ],
    [
      { outputTokens: 5, thoughtsTokens: 3, totalTokens: 8 },
      { input: 0, output: 8, cachedInput: 0 },
    ],
    [
      { inputTokens: 10, totalTokens: 20 },
      { input: 10, output: 0, cachedInput: 0 },
    ],
    [{ inputTokens: "10", outputTokens: -1 }, undefined],
    [{}, undefined],
  ])("of the usage %j are %j", (usage, tokens) => {
    expect(of(usage)).toEqual(tokens);
  });

  it.each(["", "{", '{"usage"', '{"usage":null}', '"usage"', '{"a":{"usage":{"inputTokens":1}}}'])(
    "of %j are none",
    (output) => {
      expect(usageOf(output)).toBeUndefined();
    },
  );

  it.each([
    [200_000, true],
    [200_001, false],
  ])("of %i characters are read: %s", (length, isRead) => {
    const json = (text: string) => JSON.stringify({ usage: { inputTokens: 1 }, text });
    const output = json("x".repeat(length - json("").length));
    expect(output).toHaveLength(length);
    expect(usageOf(output) !== undefined).toBe(isRead);
  });
});

describe("an agent's turn that did not end well", () => {
  const endingOf = (output: string) => (ofGenkit("a", action("agent", output)) as { ending?: object }).ending;

  it.each([
    ['{"finishReason":"aborted"}', { outcome: "cancelled" }],
    ['{"finishReason":"failed"}', { outcome: "failure" }],
    [
      '{"finishReason":"failed","error":{"status":"UNAVAILABLE"',
      { outcome: "failure", errorType: "UNAVAILABLE" },
    ],
    ['{"snapshotId":"s","finishReason":"aborted"', { outcome: "cancelled" }],
    [
      `{"finishReason":"failed","error":{"status":"${"x".repeat(60)}"`,
      { outcome: "failure", errorType: "x".repeat(60) },
    ],
    [`{"finishReason":"failed","error":{"status":"${"x".repeat(61)}"`, { outcome: "failure" }],
    [`{"a":"${"x".repeat(200)}","finishReason":"failed"`, { outcome: "failure" }],
    [`{"a":"${"x".repeat(201)}","finishReason":"failed"`, undefined],
    ['{"finishReason":"stop"}', undefined],
    ['{"message":{"finishReason":"failed"}}', undefined],
    ["", undefined],
  ])("with the output %j ended as %j", (output, ending) => {
    expect(endingOf(output)).toEqual(ending);
  });
});
