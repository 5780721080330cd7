import type { Attributes } from "@opentelemetry/api";
import { readProperty } from "../../core/error-type.ts";
import { AI_SDK } from "../../otel/semconv.ts";

const NO_SUCH_TOOL = "AI_NoSuchToolError";
const INVALID_INPUT = "AI_InvalidToolInputError";
/** Longer lists are not parsed. */
const MAX_CALLS = 100_000;

/** A call of a tool that the SDK did not start. */
export interface RefusedCall {
  /** Absent if there is no such tool: then the name is the model's invention. */
  readonly toolName?: string;
  readonly errorType: string;
}

/**
 * The calls in an answer that AI SDK 5 or 6 did not start. They have no spans of their own. Streams
 * mark them; otherwise only the tools that do not exist can be recognised, by the list of tools.
 */
export function refusedCallsOf(attributes: Attributes): readonly RefusedCall[] {
  const json = attributes[AI_SDK.toolCalls];
  if (typeof json !== "string" || json.length > MAX_CALLS) return [];
  try {
    const calls: unknown = JSON.parse(json);
    if (!Array.isArray(calls)) return [];
    return calls.flatMap((call) => refused(call, attributes[AI_SDK.tools]) ?? []);
  } catch {
    return [];
  }
}

function refused(call: unknown, tools: unknown): RefusedCall | undefined {
  const toolName = readProperty(call, "toolName");
  if (typeof toolName !== "string" || readProperty(call, "providerExecuted") === true) return undefined;
  const name = readProperty(readProperty(call, "error"), "name");
  const isUnknown = name === NO_SUCH_TOOL || (Array.isArray(tools) && !tools.some(isCalled(toolName)));
  if (isUnknown) return { errorType: NO_SUCH_TOOL };
  if (readProperty(call, "invalid") !== true) return undefined;
  return { toolName, errorType: typeof name === "string" ? name : INVALID_INPUT };
}

/** Each tool is JSON. Its schema is not parsed. */
function isCalled(toolName: string): (tool: unknown) => boolean {
  const name = `"name":${JSON.stringify(toolName)}`;
  return (tool) => typeof tool !== "string" || tool.includes(name);
}
