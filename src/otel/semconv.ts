/**
 * The names of the semantic conventions for generative AI. They are all in this file, because the
 * conventions are in development and change.
 *
 * Metrics, units, boundaries and attributes: semantic-conventions-genai v0.1.0
 * (`model/gen-ai/metrics.yaml` and `docs/gen-ai/gen-ai-metrics.md` there). Earlier attributes:
 * semantic-conventions v1.36.0 and before.
 */

export const OPERATION_NAME = "gen_ai.operation.name";
export const AGENT_NAME = "gen_ai.agent.name";
export const TOOL_NAME = "gen_ai.tool.name";
/** JSON. Instrumentations leave it out unless the app wants it. */
export const TOOL_ARGUMENTS = "gen_ai.tool.call.arguments";
/** In seconds. */
export const TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
export const REQUEST_MODEL = "gen_ai.request.model";
export const RESPONSE_MODEL = "gen_ai.response.model";
export const PROVIDER_NAME = "gen_ai.provider.name";
/** How often a request was sent again. */
export const RESEND_COUNT = "http.request.resend_count";
export const TOKEN_TYPE = "gen_ai.token.type";
export const INPUT_TOKENS = "gen_ai.usage.input_tokens";
export const OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
export const CACHED_INPUT_TOKENS = "gen_ai.usage.cache_read.input_tokens";
export const CACHE_WRITE_TOKENS = "gen_ai.usage.cache_creation.input_tokens";
export const PROMPT_NAME = "gen_ai.prompt.name";
export const EXECUTE_TOOL = "execute_tool";
export const EMBEDDINGS = "embeddings";

/**
 * Model Context Protocol: `model/mcp/metrics.yaml` and `docs/gen-ai/mcp.md` of the same repository
 * at commit 14567fad6858f82588325657c4bb262fafc885bd. There was no release with them.
 */
export const MCP = {
  method: "mcp.method.name",
  protocolVersion: "mcp.protocol.version",
  /** The error code of the JSON-RPC response. */
  statusCode: "rpc.response.status_code",
} as const;

/** Attributes of earlier versions of the conventions. */
export const EARLIER = {
  system: "gen_ai.system",
  workflowName: "gen_ai.workflow.name",
  promptTokens: "gen_ai.usage.prompt_tokens",
  completionTokens: "gen_ai.usage.completion_tokens",
} as const;

/**
 * Names that instrumentations have for the cache's tokens: earlier OpenLLMetry, AWS Strands, Sentry
 * and others. They were in use before the conventions had names.
 */
export const UNOFFICIAL = {
  cachedTokens: [
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.cached_input_tokens",
    "gen_ai.usage.input_tokens.cached",
    "llm.usage.cache_read_input_tokens",
  ],
  cacheWriteTokens: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write_input_tokens",
    "gen_ai.usage.input_tokens.cache_write",
    "llm.usage.cache_creation_input_tokens",
  ],
} as const;

/** Spans of Vercel's AI SDK 5 and 6 (their `experimental_telemetry`). */
export const AI_SDK = {
  operationId: "ai.operationId",
  functionId: "ai.telemetry.functionId",
  finishReason: "ai.response.finishReason",
  /** Of embeddings. Calls of other models have the attributes of the conventions too. */
  model: "ai.model.id",
  provider: "ai.model.provider",
  embeddedTokens: "ai.usage.tokens",
  millisToFirstChunk: "ai.response.msToFirstChunk",
  toolArguments: "ai.toolCall.args",
  toolName: "ai.toolCall.name",
  /** The calls of tools in an answer, as JSON, and the tools that the model has, each as JSON. */
  toolCalls: "ai.response.toolCalls",
  tools: "ai.prompt.tools",
  /** Version 6. Version 5 has no parts of the input but `cachedInputTokens`. */
  plainTokens: "ai.usage.inputTokenDetails.noCacheTokens",
  cachedTokens: ["ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens"],
  cacheWriteTokens: "ai.usage.inputTokenDetails.cacheWriteTokens",
  /** JSON. In version 5 it has tokens of caches that no other attribute has. */
  providerMetadata: "ai.response.providerMetadata",
} as const;

/**
 * OpenInference (Arize):
 * https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
 */
export const OPEN_INFERENCE = {
  kind: "openinference.span.kind",
  agentName: "agent.name",
  toolName: "tool.name",
  input: "input.value",
  model: "llm.model_name",
  embeddingModel: "embedding.model_name",
  provider: "llm.provider",
  promptTokens: "llm.token_count.prompt",
  completionTokens: "llm.token_count.completion",
  cachedTokens: "llm.token_count.prompt_details.cache_read",
  cacheWriteTokens: "llm.token_count.prompt_details.cache_write",
} as const;

/** OpenLLMetry (Traceloop): `@traceloop/ai-semantic-conventions`. */
export const OPEN_LLMETRY = {
  kind: "traceloop.span.kind",
  entityName: "traceloop.entity.name",
  input: "traceloop.entity.input",
  requestType: "llm.request.type",
  anthropicScope: "@traceloop/instrumentation-anthropic",
} as const;

/** Genkit (`@genkit-ai/core`), in no convention. */
export const GENKIT = {
  type: "genkit:type",
  subtype: "genkit:metadata:subtype",
  isRoot: "genkit:isRoot",
  /** JSON, as the output. */
  input: "genkit:input",
  output: "genkit:output",
} as const;

/** Google ADK, beside the GenAI conventions. */
export const GOOGLE_ADK = {
  toolArguments: "gcp.vertex.agent.tool_call_args",
  toolResult: "gcp.vertex.agent.tool_response",
} as const;

/** Strands, beside the GenAI conventions: an attribute, and events with their attributes. */
export const STRANDS = {
  toolStatus: "gen_ai.tool.status",
  toolCall: "gen_ai.tool.message",
  toolArguments: "content",
  answer: "gen_ai.choice",
  answerEnd: "finish_reason",
} as const;

/**
 * Ours, and in no convention: whether the response of an HTTP request is a stream, whose client
 * decides how long it lasts.
 */
export const STREAM_ATTRIBUTE = "forecast.stream";

/** A histogram of the conventions. */
export interface StandardMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly boundaries: readonly number[];
}

const TOOL_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const AGENT_SECONDS = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6];
const MCP_SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const CALLS = [1, 2, 4, 8, 16, 32, 64, 128];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

/**
 * The standard metrics that we record, with the bucket boundaries that the conventions recommend.
 */
export const STANDARD_METRICS = {
  agentDuration: {
    name: "gen_ai.invoke_agent.duration",
    unit: "s",
    description: "The end-to-end duration of a single agent invocation.",
    boundaries: AGENT_SECONDS,
  },
  inferenceCalls: {
    name: "gen_ai.invoke_agent.inference_calls",
    unit: "{inference_call}",
    description: "Model calls of a single agent invocation.",
    boundaries: CALLS,
  },
  toolCalls: {
    name: "gen_ai.invoke_agent.tool_calls",
    unit: "{tool_call}",
    description: "Tool calls of a single agent invocation.",
    boundaries: CALLS,
  },
  toolDuration: {
    name: "gen_ai.execute_tool.duration",
    unit: "s",
    description: "The duration of a single tool execution.",
    boundaries: TOOL_SECONDS,
  },
  tokenUsage: {
    name: "gen_ai.client.token.usage",
    unit: "{token}",
    description: "Number of input and output tokens used.",
    boundaries: TOKENS,
  },
  mcpClientOperation: {
    name: "mcp.client.operation.duration",
    unit: "s",
    description: "The duration of the MCP request or notification as observed on the sender.",
    boundaries: MCP_SECONDS,
  },
  mcpServerOperation: {
    name: "mcp.server.operation.duration",
    unit: "s",
    description: "The duration of the MCP request or notification as observed on the receiver.",
    boundaries: MCP_SECONDS,
  },
  mcpClientSession: {
    name: "mcp.client.session.duration",
    unit: "s",
    description: "The duration of the MCP session as observed on the MCP client.",
    boundaries: MCP_SECONDS,
  },
  mcpServerSession: {
    name: "mcp.server.session.duration",
    unit: "s",
    description: "The duration of the MCP session as observed on the MCP server.",
    boundaries: MCP_SECONDS,
  },
} as const satisfies Record<string, StandardMetric>;
