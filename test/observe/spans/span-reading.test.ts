import { type Attributes, SpanKind } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { workOf } from "../../../src/observe/spans/span-reading.ts";

const usage = { input: 7, output: 3, cachedInput: 0 };

it.for([
  {
    of: "an agent by the current convention",
    name: "invoke_agent planner",
    attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" },
    work: { role: "agent", taskType: "invoke_agent", agentName: "planner" },
  },
  {
    of: "embeddings by OpenInference, which have another name for the model",
    name: "CreateEmbeddings",
    attributes: {
      "openinference.span.kind": "EMBEDDING",
      "embedding.model_name": "embedder",
      "llm.token_count.prompt": 7,
    },
    work: {
      role: "model",
      taskType: "embeddings",
      model: "embedder",
      usage: { input: 7, output: 0, cachedInput: 0 },
    },
  },
  {
    of: "an agent that only the span's name tells",
    name: "invoke_agent planner",
    attributes: { "gen_ai.operation.name": "invoke_agent" },
    work: { role: "agent", taskType: "invoke_agent", agentName: "planner", isNameGuessed: true },
  },
  {
    of: "an agent without a name, where the span's has the model",
    name: "invoke_agent small",
    attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "small" },
    work: { role: "agent", taskType: "invoke_agent", model: "small" },
  },
  {
    of: "an agent without a name",
    name: "invoke_agent",
    attributes: { "gen_ai.operation.name": "invoke_agent" },
    work: { role: "agent", taskType: "invoke_agent" },
  },
  {
    of: "a workflow by the convention up to 1.41",
    name: "invoke_workflow triage",
    attributes: { "gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "triage" },
    work: { role: "agent", taskType: "invoke_workflow", agentName: "triage" },
  },
  {
    of: "a flow of Genkit",
    name: "planner",
    attributes: { "genkit:type": "action", "genkit:metadata:subtype": "flow" },
    work: { role: "agent", taskType: "invoke_workflow", agentName: "planner" },
  },
  {
    of: "an agent of Genkit",
    name: "coder",
    attributes: { "genkit:type": "action", "genkit:metadata:subtype": "agent", "genkit:output": "{}" },
    work: { role: "agent", taskType: "invoke_agent", agentName: "coder" },
  },
  {
    of: "an agent of Genkit whose turn has failed",
    name: "coder",
    attributes: {
      "genkit:type": "action",
      "genkit:metadata:subtype": "agent",
      "genkit:output":
        '{"sessionId":"s","finishReason":"failed","error":{"status":"NOT_FOUND","message":"m"}}',
    },
    work: {
      role: "agent",
      taskType: "invoke_agent",
      agentName: "coder",
      ending: { outcome: "failure", errorType: "NOT_FOUND" },
    },
  },
  {
    of: "an agent of Genkit whose turn was aborted",
    name: "coder",
    attributes: {
      "genkit:type": "action",
      "genkit:metadata:subtype": "agent",
      "genkit:output": '{"finishReason":"aborted"}',
    },
    work: {
      role: "agent",
      taskType: "invoke_agent",
      agentName: "coder",
      ending: { outcome: "cancelled" },
    },
  },
  {
    of: "an agent of Genkit whose model writes about failures",
    name: "coder",
    attributes: {
      "genkit:type": "action",
      "genkit:metadata:subtype": "agent",
      "genkit:output":
        '{"sessionId":"s","message":{"text":"{\\"finishReason\\":\\"failed\\"}"},"finishReason":"stop"}',
    },
    work: { role: "agent", taskType: "invoke_agent", agentName: "coder" },
  },
  {
    of: "a prompt of Genkit outside any flow",
    name: "greeter",
    attributes: { "genkit:type": "dotprompt", "genkit:isRoot": true },
    work: { role: "agent", taskType: "invoke_agent", agentName: "greeter" },
  },
  {
    of: "a tool of Genkit",
    name: "weather",
    attributes: { "genkit:type": "action", "genkit:metadata:subtype": "tool" },
    work: { role: "tool", taskType: "execute_tool weather", toolName: "weather" },
  },
  {
    of: "a model of Genkit that counts thoughts beside its output",
    name: "googleai/small",
    attributes: {
      "genkit:type": "action",
      "genkit:metadata:subtype": "model",
      "genkit:output":
        '{"usage":{"inputTokens":7,"outputTokens":1,"thoughtsTokens":2,"totalTokens":10,"cachedContentTokens":4}}',
    },
    work: {
      role: "model",
      taskType: "chat",
      model: "small",
      provider: "googleai",
      usage: { ...usage, cachedInput: 4 },
    },
  },
  {
    of: "a model of Genkit that counts thoughts as output",
    name: "openai/small",
    attributes: {
      "genkit:type": "action",
      "genkit:metadata:subtype": "model",
      "genkit:output": '{"usage":{"inputTokens":7,"outputTokens":3,"thoughtsTokens":2,"totalTokens":10}}',
    },
    work: { role: "model", taskType: "chat", model: "small", provider: "openai", usage },
  },
  {
    of: "a model of Genkit whose output is no JSON",
    name: "small",
    attributes: { "genkit:type": "action", "genkit:metadata:subtype": "model", "genkit:output": '"usage"{' },
    work: { role: "model", taskType: "chat", model: "small" },
  },
  {
    of: "the making of an agent, which is no invocation",
    name: "create_agent planner",
    attributes: { "gen_ai.operation.name": "create_agent", "gen_ai.agent.name": "planner" },
    work: { role: "step", taskType: "create_agent", agentName: "planner" },
  },
  {
    of: "a tool",
    name: "execute_tool search",
    attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" },
    work: { role: "tool", taskType: "execute_tool search", toolName: "search" },
  },
  {
    of: "a model call",
    name: "chat m",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "m",
      "gen_ai.response.model": "m-2026",
      "gen_ai.provider.name": "p",
      "gen_ai.usage.input_tokens": 7,
      "gen_ai.usage.output_tokens": 3,
      "gen_ai.usage.cache_read.input_tokens": 5,
    },
    work: {
      role: "model",
      taskType: "chat",
      model: "m",
      provider: "p",
      usage: { ...usage, cachedInput: 5 },
    },
  },
  {
    of: "a model call with the provider in several conventions, the current one first",
    name: "chat m",
    attributes: {
      "gen_ai.operation.name": "chat",
      "llm.provider": "third",
      "gen_ai.system": "second",
      "gen_ai.provider.name": "first",
      "llm.model_name": "third",
      "gen_ai.response.model": "second",
      "gen_ai.request.model": "first",
    },
    work: { role: "model", taskType: "chat", model: "first", provider: "first" },
  },
  {
    of: "a model call with the provider in two earlier conventions, OpenInference last",
    name: "chat m",
    attributes: {
      "gen_ai.operation.name": "chat",
      "llm.provider": "third",
      "gen_ai.system": "second",
      "llm.model_name": "third",
      "gen_ai.response.model": "second",
    },
    work: { role: "model", taskType: "chat", model: "second", provider: "second" },
  },
  {
    of: "a model call of before operations had names",
    name: "anything",
    attributes: {
      "gen_ai.system": "p",
      "gen_ai.request.model": "m",
      "gen_ai.usage.prompt_tokens": 7,
      "gen_ai.usage.completion_tokens": 3,
    },
    work: { role: "model", taskType: "chat", model: "m", provider: "p", usage },
  },
  {
    of: "an agent of OpenInference",
    name: "AgentExecutor",
    attributes: { "openinference.span.kind": "AGENT", "agent.name": "planner" },
    work: { role: "agent", taskType: "invoke_agent", agentName: "planner" },
  },
  {
    of: "an agent of OpenInference by the name of its span",
    name: "planner",
    attributes: { "openinference.span.kind": "AGENT" },
    work: { role: "agent", taskType: "invoke_agent", agentName: "planner", isNameGuessed: true },
  },
  {
    of: "a tool of OpenInference",
    name: "run",
    attributes: { "openinference.span.kind": "TOOL", "tool.name": "search" },
    work: { role: "tool", taskType: "execute_tool search", toolName: "search" },
  },
  {
    of: "a model call of OpenInference",
    name: "ChatOpenAI",
    attributes: {
      "openinference.span.kind": "LLM",
      "llm.model_name": "m",
      "llm.provider": "p",
      "llm.token_count.prompt": 7,
      "llm.token_count.completion": 3,
    },
    work: { role: "model", taskType: "chat", model: "m", provider: "p", usage },
  },
  {
    of: "an agent of OpenLLMetry",
    name: "planner.agent",
    attributes: { "traceloop.span.kind": "agent", "traceloop.entity.name": "planner" },
    work: { role: "agent", taskType: "invoke_agent", agentName: "planner" },
  },
  {
    of: "a workflow of OpenLLMetry",
    name: "triage.workflow",
    attributes: { "traceloop.span.kind": "workflow", "traceloop.entity.name": "triage" },
    work: { role: "agent", taskType: "invoke_workflow", agentName: "triage" },
  },
  {
    of: "a tool of OpenLLMetry",
    name: "search.tool",
    attributes: { "traceloop.span.kind": "tool", "traceloop.entity.name": "search" },
    work: { role: "tool", taskType: "execute_tool search", toolName: "search" },
  },
  {
    of: "a model call of OpenLLMetry",
    name: "openai.chat",
    attributes: { "llm.request.type": "chat", "gen_ai.system": "OpenAI", "gen_ai.request.model": "m" },
    work: { role: "model", taskType: "chat", model: "m", provider: "OpenAI" },
  },
  {
    of: "a tool of AI SDK 5 and 6",
    name: "ai.toolCall",
    attributes: { "ai.operationId": "ai.toolCall", "ai.toolCall.name": "search" },
    work: { role: "tool", taskType: "execute_tool search", toolName: "search" },
  },
  ...["ai.embed.doEmbed", "ai.embedMany.doEmbed"].map((operation) => ({
    of: `embeddings of AI SDK 5 and 6: ${operation}`,
    name: operation,
    attributes: {
      "ai.operationId": operation,
      "ai.model.id": "embedder",
      "ai.model.provider": "openai.embedding",
      "ai.usage.tokens": 7,
    },
    work: {
      ...{ role: "model", taskType: "embeddings", model: "embedder", provider: "openai.embedding" },
      usage: { input: 7, output: 0, cachedInput: 0 },
    },
  })),
  {
    of: "embeddings of AI SDK 5 and 6 that have not ended",
    name: "ai.embed.doEmbed",
    attributes: { "ai.operationId": "ai.embed.doEmbed" },
    work: { role: "model", taskType: "embeddings" },
  },
])("reads $of", ({ name, attributes, work }) => {
  expect(workOf({ name, attributes })).toEqual(work);
});

const tokensOf = (attributes: Attributes, scope = "any") =>
  workOf({
    name: "chat",
    attributes: { "gen_ai.system": "p", "gen_ai.request.model": "m", ...attributes },
    instrumentationScope: { name: scope },
  })?.usage;

const counted = { "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 3 };

it.each([
  ["gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_creation.input_tokens"],
  ["gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_write.input_tokens"],
  ["gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.cache_creation_input_tokens"],
  ["gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.cache_write_input_tokens"],
  ["gen_ai.usage.input_tokens.cached", "gen_ai.usage.input_tokens.cache_write"],
  ["llm.usage.cache_read_input_tokens", "llm.usage.cache_creation_input_tokens"],
  ["ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.inputTokenDetails.cacheWriteTokens"],
  ["llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_write"],
])("reads what came from a cache and went to it as %s and %s", (read, written) => {
  expect(tokensOf({ ...counted, [read]: 700, [written]: 200 })).toEqual({
    input: 1000,
    output: 3,
    cachedInput: 700,
    cacheWrite: 200,
  });
});

it.each([
  {
    of: "OpenLLMetry, for Anthropic",
    scope: "@traceloop/instrumentation-anthropic",
    attributes: {
      "gen_ai.usage.cache_read.input_tokens": 700,
      "gen_ai.usage.cache_creation.input_tokens": 200,
    },
  },
  {
    of: "AI SDK 5, for Anthropic",
    scope: "ai",
    attributes: {
      "ai.operationId": "ai.generateText.doGenerate",
      "gen_ai.system": "anthropic.messages",
      "ai.usage.cachedInputTokens": 700,
      "ai.response.providerMetadata": JSON.stringify({ anthropic: { cacheCreationInputTokens: 200 } }),
    },
  },
  {
    of: "generateText of AI SDK 5, for Anthropic",
    scope: "ai",
    attributes: {
      "ai.operationId": "ai.generateText.doGenerate",
      "gen_ai.system": "anthropic.messages",
      "ai.response.providerMetadata": JSON.stringify({
        anthropic: { usage: { cache_read_input_tokens: 700 }, cacheCreationInputTokens: 200 },
      }),
    },
  },
  {
    of: "AI SDK 5, for Bedrock",
    scope: "ai",
    attributes: {
      "ai.operationId": "ai.streamText.doStream",
      "gen_ai.system": "amazon-bedrock",
      "ai.usage.cachedInputTokens": 700,
      "ai.response.providerMetadata": JSON.stringify({ bedrock: { usage: { cacheWriteInputTokens: 200 } } }),
    },
  },
])("adds the cache to an input that leaves it out: $of", ({ scope, attributes }) => {
  expect(tokensOf({ ...counted, ...attributes }, scope)).toEqual({
    input: 1900,
    output: 3,
    cachedInput: 700,
    cacheWrite: 200,
  });
});

it("adds the cache to an input that is smaller, whoever counts it", () => {
  const attributes = { "gen_ai.usage.input_tokens": 4, "gen_ai.usage.cache_read_input_tokens": 5000 };
  expect(tokensOf(attributes)).toEqual({ input: 5004, output: 0, cachedInput: 5000 });
});

it("does not add the cache to an input that includes it, as in AI SDK 6 and in AI SDK 5 for others", () => {
  const six = {
    "ai.operationId": "ai.generateText.doGenerate",
    "gen_ai.system": "anthropic.messages",
    "ai.usage.inputTokenDetails.noCacheTokens": 300,
    "ai.usage.inputTokenDetails.cacheReadTokens": 700,
    "ai.usage.cachedInputTokens": 700,
  };
  const five = {
    "ai.operationId": "ai.generateText.doGenerate",
    "gen_ai.system": "openai.responses",
    "ai.usage.cachedInputTokens": 700,
  };
  for (const attributes of [six, five])
    expect(tokensOf({ ...counted, ...attributes })).toEqual({ input: 1000, output: 3, cachedInput: 700 });
});

it.each([
  { google: { usageMetadata: { cachedContentTokenCount: 700 } } },
  { deepseek: { promptCacheHitTokens: 700 } },
])("reads what came from a cache in the metadata of AI SDK 5: %j", (metadata) => {
  const attributes = {
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.response.providerMetadata": JSON.stringify(metadata),
  };
  expect(tokensOf({ ...counted, ...attributes })).toEqual({ input: 1000, output: 3, cachedInput: 700 });
});

it.each([
  [20_000, 700],
  [20_001, 0],
])("reads metadata of AI SDK 5 of up to 20,000 characters: %d", (length, cachedInput) => {
  const metadata = (padding: string) => JSON.stringify({ padding, deepseek: { promptCacheHitTokens: 700 } });
  const json = metadata("x".repeat(length - metadata("").length));
  expect(json).toHaveLength(length);
  const attributes = { "ai.operationId": "x", "ai.response.providerMetadata": json };
  expect(tokensOf({ ...counted, ...attributes })).toEqual({ input: 1000, output: 3, cachedInput });
});

it("reads no tokens from metadata that is no JSON, and none where no tokens are counted", () => {
  const broken = { "ai.operationId": "x", "ai.response.providerMetadata": "{cacheCreation" };
  expect(tokensOf({ ...counted, ...broken })).toEqual({ input: 1000, output: 3, cachedInput: 0 });
  expect(tokensOf({ "ai.operationId": "x", "gen_ai.system": "anthropic.messages" })).toBeUndefined();
});

it.for([
  { name: "GET /", attributes: { "http.request.method": "GET" } },
  { name: "LangGraph", attributes: { "openinference.span.kind": "CHAIN" } },
  {
    name: "execute_tool (merged)",
    attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "(merged tools)" },
  },
  { name: "step.task", attributes: { "traceloop.span.kind": "task", "traceloop.entity.name": "step" } },
  { name: "plan", attributes: { "gen_ai.operation.name": "something_new", "gen_ai.request.model": "m" } },
  { name: "invoke_agent planner", attributes: {} },
])("takes $name for nobody's work", (span) => {
  expect(workOf(span)).toBeUndefined();
});

it("counts a tool call that an MCP server serves as the server's task, and not as a call of an agent", () => {
  const attributes = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "search",
    "mcp.method.name": "tools/call",
  };
  const name = "tools/call search";
  expect(workOf({ name, attributes, kind: SpanKind.SERVER })).toBeUndefined();
  const call = { role: "tool", taskType: "execute_tool search", toolName: "search" };
  expect(workOf({ name, attributes, kind: SpanKind.CLIENT })).toEqual(call);
});
