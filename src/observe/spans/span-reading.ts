import { type Attributes, SpanKind } from "@opentelemetry/api";
import type { TokenUsage } from "../../agents/token-usage.ts";
import {
  AGENT_NAME,
  AI_SDK,
  EARLIER,
  EMBEDDINGS,
  MCP,
  OPEN_INFERENCE,
  OPEN_LLMETRY,
  OPERATION_NAME,
  PROVIDER_NAME,
  REQUEST_MODEL,
  RESPONSE_MODEL,
  TOOL_NAME,
} from "../../otel/semconv.ts";
import type { SpanOutcome } from "../work/span-outcome.ts";
import { AI_SDK_RUNS } from "./ai-sdk-endings.ts";
import { ofGenkit } from "./genkit.ts";
import { type RefusedCall, refusedCallsOf } from "./refused-calls.ts";
import { firstPartOf, resendsOf, text, usageOf } from "./span-usage.ts";

/** The work of an agent that a span describes. */
export interface SpanReading {
  /** An invocation of an agent, a call of a tool or a model, or another step. */
  readonly role: "agent" | "tool" | "model" | "step";
  /** `invoke_agent`, `execute_tool NAME`, `chat`, ... */
  readonly taskType: string;
  /** The name of the agent, if the span has it. */
  readonly agentName?: string;
  /** Set if the agent's name is only the name of the span. */
  readonly isNameGuessed?: true;
  /** Of an invocation without a name: inside another invocation it is a part of that one. */
  readonly isPart?: true;
  /** Of an invocation whose span does not show that its last model call failed. */
  readonly endsLikeLastCall?: true;
  readonly toolName?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly usage?: TokenUsage;
  /** Of a model call whose answer was streamed: the time to its first part. */
  readonly firstPartSeconds?: number;
  /** Of a model call: how often its request was sent again. */
  readonly resends?: number;
  /** Of a model call: the calls of tools in its answer that were not started. */
  readonly refusedCalls?: readonly RefusedCall[];
  /** How it ended, if the status of the span does not say it. */
  readonly ending?: SpanOutcome;
}

/** The fields of a span that are read, in any version of the SDK. */
export interface NamedSpan {
  readonly name: string;
  readonly attributes: Attributes;
  readonly kind?: SpanKind;
  readonly instrumentationScope?: { readonly name: string };
  /** The same in version 1 of the SDK. */
  readonly instrumentationLibrary?: { readonly name: string };
}

/** The name of the instrumentation that made a span. */
export function scopeOf({ instrumentationScope, instrumentationLibrary }: NamedSpan): string | undefined {
  return (instrumentationScope ?? instrumentationLibrary)?.name;
}

type Reading = Pick<SpanReading, "role" | "taskType"> & Partial<SpanReading>;

const OPERATIONS: Readonly<Record<string, SpanReading["role"]>> = {
  invoke_agent: "agent",
  invoke_workflow: "agent",
  create_agent: "step",
  execute_tool: "tool",
  chat: "model",
  text_completion: "model",
  generate_content: "model",
  [EMBEDDINGS]: "model",
};

const AI_SDK_EMBEDDINGS: readonly unknown[] = ["ai.embed.doEmbed", "ai.embedMany.doEmbed"];

/** Reads a span, by the convention that it follows; `undefined` if it is no work of an agent. */
export function workOf(span: NamedSpan): SpanReading | undefined {
  if (isServedByMcp(span) || isOfMergedTools(span)) return undefined;
  const reading =
    ofGenAi(span) ??
    ofAiSdk(span) ??
    ofOpenInference(span) ??
    ofOpenLlmetry(span) ??
    ofGenkit(span.name, span.attributes) ??
    ofEarlierModelCall(span);
  if (reading === undefined) return undefined;
  const { attributes } = span;
  const { model: asked, embeddingModel } = OPEN_INFERENCE;
  const model = text(attributes, REQUEST_MODEL, RESPONSE_MODEL, asked, embeddingModel);
  const provider = text(attributes, PROVIDER_NAME, EARLIER.system, OPEN_INFERENCE.provider);
  const usage = usageOf(attributes, scopeOf(span));
  const refusedCalls = reading.role === "model" ? refusedCallsOf(attributes) : [];
  return {
    ...(model === undefined ? {} : { model }),
    ...(provider === undefined ? {} : { provider }),
    ...(usage === undefined ? {} : { usage }),
    ...firstPartOf(attributes),
    ...resendsOf(attributes),
    ...(refusedCalls.length === 0 ? {} : { refusedCalls }),
    ...reading,
  };
}

/**
 * Whether an MCP server made the span. Its request is recorded as a task already, and is no call of
 * an agent here.
 */
function isServedByMcp({ kind, attributes }: NamedSpan): boolean {
  return kind === SpanKind.SERVER && text(attributes, MCP.method) !== undefined;
}

/** Whether the span is the one that Google ADK adds to those of several tools that were called at once. */
function isOfMergedTools({ attributes }: NamedSpan): boolean {
  return text(attributes, TOOL_NAME) === "(merged tools)";
}

function ofGenAi({ name, attributes }: NamedSpan): Reading | undefined {
  const operation = text(attributes, OPERATION_NAME);
  const role = operation === undefined ? undefined : OPERATIONS[operation];
  if (operation === undefined || role === undefined) return undefined;
  const afterOperation = name.startsWith(`${operation} `) ? name.slice(operation.length + 1).trim() : "";
  // Some write the model there if an invocation has no name.
  const named = afterOperation === text(attributes, REQUEST_MODEL) ? "" : afterOperation;
  if (role === "tool") return tool(text(attributes, TOOL_NAME) ?? named, attributes);
  const isOfAgent = role === "agent" || role === "step";
  const agent = text(attributes, AGENT_NAME, EARLIER.workflowName);
  return {
    role,
    taskType: operation,
    ...(agent === undefined && isOfAgent ? guessed(named) : ofAgent(agent)),
  };
}

function ofOpenInference({ name, attributes }: NamedSpan): Reading | undefined {
  const agent = text(attributes, OPEN_INFERENCE.agentName);
  switch (text(attributes, OPEN_INFERENCE.kind)?.toUpperCase()) {
    case "AGENT":
      return {
        role: "agent",
        taskType: "invoke_agent",
        ...(agent === undefined ? guessed(name) : ofAgent(agent)),
      };
    case "TOOL":
      return { ...tool(text(attributes, OPEN_INFERENCE.toolName) ?? name, attributes), ...ofAgent(agent) };
    case "LLM":
      return { role: "model", taskType: "chat", ...ofAgent(agent) };
    case "EMBEDDING":
      return { role: "model", taskType: EMBEDDINGS, ...ofAgent(agent) };
    default:
      return undefined;
  }
}

function ofOpenLlmetry({ name, attributes }: NamedSpan): Reading | undefined {
  const entity = text(attributes, OPEN_LLMETRY.entityName) ?? name;
  switch (text(attributes, OPEN_LLMETRY.kind)?.toLowerCase()) {
    case "agent":
      return { role: "agent", taskType: "invoke_agent", ...ofAgent(entity) };
    case "workflow":
      return { role: "agent", taskType: "invoke_workflow", ...ofAgent(entity) };
    case "tool":
      return tool(entity, attributes);
    default:
      return undefined;
  }
}

/** Reads the runs, tool calls and embeddings of AI SDK 5 and 6. Their model calls follow an earlier convention. */
function ofAiSdk({ attributes }: NamedSpan): Reading | undefined {
  const operation = text(attributes, AI_SDK.operationId);
  if (operation === "ai.toolCall") return tool(text(attributes, AI_SDK.toolName) ?? "", attributes);
  if (AI_SDK_EMBEDDINGS.includes(operation)) return embeddingsOfAiSdk(attributes);
  if (operation !== AI_SDK_RUNS.whole && operation !== AI_SDK_RUNS.stream) return undefined;
  const agent = text(attributes, AGENT_NAME, AI_SDK.functionId);
  return {
    role: "agent",
    taskType: "invoke_agent",
    ...(agent === undefined ? { isPart: true } : ofAgent(agent)),
    ...(operation === AI_SDK_RUNS.stream ? { endsLikeLastCall: true } : {}),
  };
}

function embeddingsOfAiSdk(attributes: Attributes): Reading {
  const model = text(attributes, AI_SDK.model);
  const provider = text(attributes, AI_SDK.provider);
  return {
    role: "model",
    taskType: EMBEDDINGS,
    ...(model === undefined ? {} : { model }),
    ...(provider === undefined ? {} : { provider }),
  };
}

/** Reads spans of earlier conventions, in which a model call has no operation but a model. */
function ofEarlierModelCall({ attributes }: NamedSpan): Reading | undefined {
  if (text(attributes, OPERATION_NAME) !== undefined || text(attributes, OPEN_INFERENCE.kind) !== undefined)
    return undefined;
  const isCall =
    text(attributes, OPEN_LLMETRY.requestType) !== undefined ||
    (text(attributes, EARLIER.system) !== undefined && text(attributes, REQUEST_MODEL) !== undefined);
  if (!isCall) return undefined;
  return { role: "model", taskType: "chat", ...ofAgent(text(attributes, AGENT_NAME, AI_SDK.functionId)) };
}

function tool(name: string, attributes: Attributes): Reading {
  const toolName = name === "" ? "unknown" : name;
  const agent = text(attributes, AGENT_NAME, AI_SDK.functionId);
  return { role: "tool", taskType: `execute_tool ${toolName}`, toolName, ...ofAgent(agent) };
}

function ofAgent(agentName: string | undefined): { agentName?: string } {
  return agentName === undefined || agentName === "" ? {} : { agentName };
}

function guessed(agentName: string): Pick<SpanReading, "agentName" | "isNameGuessed"> {
  return agentName === "" ? {} : { agentName, isNameGuessed: true };
}
