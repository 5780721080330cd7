import { endingOfErrorName } from "../../agents/error-policy.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { readProperty } from "../../core/error-type.ts";

/** An event that Mastra passes to its exporters: a span has started, changed, or ended. */
export interface TracingEvent {
  readonly type?: string;
  readonly exportedSpan?: MastraSpan;
}

/**
 * The fields of a span of Mastra that are read. Of the input of a tool only a digest is kept. Of the output of a tool
 * only the presence of validation errors is read, of that of a run whether it was suspended.
 */
export interface MastraSpan {
  readonly id: string;
  readonly parentSpanId?: string;
  readonly type: string;
  readonly startTime?: Date;
  readonly entityId?: string;
  readonly entityName?: string;
  readonly attributes?: {
    readonly model?: string;
    readonly responseModel?: string;
    readonly provider?: string;
    readonly finishReason?: string;
    readonly success?: boolean;
    /** When the first part of the answer arrived. */
    readonly completionStartTime?: Date;
    readonly usage?: {
      readonly inputTokens?: number;
      readonly outputTokens?: number;
      readonly inputDetails?: { readonly cacheRead?: number; readonly cacheWrite?: number };
    };
  };
  readonly errorInfo?: { readonly name?: string };
  readonly input?: unknown;
  readonly output?: unknown;
}

/**
 * The types of tool calls. Not of tools that a client runs: their spans end before the tools run.
 */
const TOOLS = ["tool_call", "mcp_tool_call", "provider_tool_call"];

const INVALID_INPUT = "invalid_tool_input";

/** The role of a span in the work of an agent. */
export function roleOf({ type }: MastraSpan): "agent" | "tool" | "model" | "answer" | "client tool" | "part" {
  if (type === "client_tool_call") return "client tool";
  if (type === "agent_run") return "agent";
  if (TOOLS.includes(type)) return "tool";
  if (type === "model_inference") return "model";
  return type === "model_generation" ? "answer" : "part";
}

/** The name of the agent or tool of a span; else its id; `undefined` without both. */
export function nameOf({ entityName, entityId }: MastraSpan): string | undefined {
  return entityName || entityId || undefined;
}

/** The model that answered, else the model that was asked for; and its provider. */
export function modelOf({ attributes }: MastraSpan): { model?: string; provider?: string } {
  const model = attributes?.responseModel ?? attributes?.model;
  const provider = attributes?.provider;
  return { ...(model === undefined ? {} : { model }), ...(provider === undefined ? {} : { provider }) };
}

/** The tokens of a span. Cached tokens are part of the input. */
export function usageOf({ attributes }: MastraSpan): TokenUsage | undefined {
  const { inputTokens, outputTokens, inputDetails } = attributes?.usage ?? {};
  return tokenUsage(inputTokens, outputTokens, inputDetails?.cacheRead, inputDetails?.cacheWrite);
}

/** Whether a run or a tool has stopped to ask a person. Such a tool has no result, and it did not fail. */
export function asksPerson({ type, errorInfo, attributes, output }: MastraSpan): boolean {
  if (type === "agent_run") return readProperty(output, "status") === "suspended";
  return errorInfo === undefined && attributes?.success === undefined && output === undefined;
}

/** The time to the first output of a model call. Mastra repeats it at the calls that follow in the same run. */
export function firstPartSeconds({ startTime, attributes }: MastraSpan): number | undefined {
  const millis = Number(attributes?.completionStartTime) - Number(startTime);
  return millis > 0 ? millis / 1000 : undefined;
}

/** How a run or a tool ended. Mastra keeps the name of its error, and not its causes. */
export function endingOf({ errorInfo, attributes, output }: MastraSpan): {
  outcome: TaskOutcome;
  errorType?: string;
} {
  if (errorInfo === undefined) {
    if (attributes?.success !== false) return { outcome: "success" };
    // Mastra does not run a tool whose input does not fit, and reports no error then.
    const isInvalid = readProperty(output, "validationErrors") !== undefined;
    return { outcome: "failure", ...(isInvalid ? { errorType: INVALID_INPUT } : {}) };
  }
  const { name } = errorInfo;
  return name === undefined ? { outcome: "failure" } : endingOfErrorName(name);
}
