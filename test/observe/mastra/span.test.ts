import { describe, expect, it } from "vitest";
import {
  endingOf,
  firstPartSeconds,
  type MastraSpan,
  modelOf,
  nameOf,
  roleOf,
  usageOf,
} from "../../../src/observe/mastra/span.ts";

const span = (more: Partial<MastraSpan> = {}): MastraSpan => ({ id: "1", type: "agent_run", ...more });

describe("a span of Mastra", () => {
  it.for([
    ["agent_run", "agent"],
    ["tool_call", "tool"],
    ["mcp_tool_call", "tool"],
    ["provider_tool_call", "tool"],
    ["client_tool_call", "client tool"],
    ["model_inference", "model"],
    ["model_generation", "answer"],
    ["model_step", "part"],
    ["workflow_run", "part"],
  ] as const)("of the type %s is: %s", ([type, role]) => {
    expect(roleOf(span({ type }))).toBe(role);
  });

  it.for([
    ["planner", "id", "planner"],
    ["planner", undefined, "planner"],
    ["", "id", "id"],
    [undefined, "id", "id"],
    ["", "", undefined],
    [undefined, undefined, undefined],
  ] as const)("with the name %s and the id %s is named %s", ([entityName, entityId, name]) => {
    const names = { ...(entityName === undefined ? {} : { entityName }) };
    expect(nameOf(span({ ...names, ...(entityId === undefined ? {} : { entityId }) }))).toBe(name);
  });

  it.for([
    [1000, 2500, 1.5],
    // Mastra tells it for one call of a run, and repeats it at the calls that follow.
    [3000, 2500, undefined],
    [2500, 2500, undefined],
    [1000, undefined, undefined],
    [undefined, 2500, undefined],
  ] as const)(
    "that began at %s and had its first output at %s took %s seconds to it",
    ([at, first, seconds]) => {
      const startTime = at === undefined ? {} : { startTime: new Date(at) };
      const completionStartTime = first === undefined ? {} : { completionStartTime: new Date(first) };
      expect(firstPartSeconds(span({ ...startTime, attributes: completionStartTime }))).toBe(seconds);
    },
  );

  it("has the model that answered, else the one that was asked for", () => {
    expect(modelOf(span())).toEqual({});
    expect(modelOf(span({ attributes: { model: "m", provider: "p" } }))).toEqual({
      model: "m",
      provider: "p",
    });
    expect(modelOf(span({ attributes: { model: "m", responseModel: "m-2026" } }))).toEqual({
      model: "m-2026",
    });
  });

  it("has tokens of each kind", () => {
    const usage = { inputTokens: 10, outputTokens: 5, inputDetails: { cacheRead: 4, cacheWrite: 3 } };
    expect(usageOf(span({ attributes: { usage } }))).toEqual({
      input: 10,
      output: 5,
      cachedInput: 4,
      cacheWrite: 3,
    });
    expect(usageOf(span({ attributes: {} }))).toBeUndefined();
  });

  it.for([
    ["without an error", {}, { outcome: "success" }],
    ["with its success", { attributes: { success: true } }, { outcome: "success" }],
    ["without success", { attributes: { success: false } }, { outcome: "failure" }],
    [
      "with an input that does not fit",
      { attributes: { success: false }, output: { validationErrors: {} } },
      { outcome: "failure", errorType: "invalid_tool_input" },
    ],
    ["with success and validation errors", { output: { validationErrors: {} } }, { outcome: "success" }],
    ["with an error", { errorInfo: { name: "TypeError" } }, { outcome: "failure", errorType: "TypeError" }],
    ["with an abort", { errorInfo: { name: "AbortError" } }, { outcome: "cancelled" }],
    ["with an error without a name", { errorInfo: {} }, { outcome: "failure" }],
  ] as const)("%s ended: %o", ([, more, ending]) => {
    expect(endingOf(span(more))).toEqual(ending);
  });
});
