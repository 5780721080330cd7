import { errorTypeOf, readProperty } from "../../core/error-type.ts";
import type { Invocation } from "../work/invocation.ts";

const NO_SUCH_TOOL = "AI_NoSuchToolError";

/** A part of an answer that calls a tool. Its input is not read. */
interface ToolCall {
  readonly type?: string;
  readonly toolName?: string;
  /** Whether the tool does not exist, or the input does not fit its schema. */
  readonly invalid?: boolean;
  readonly error?: unknown;
  /** The provider runs the tool, not the application. */
  readonly providerExecuted?: boolean;
}

/**
 * Records the calls in an answer that the SDK does not start: it returns their errors to the model,
 * and reports no execution of a tool.
 */
export function reportInvalidToolCalls(
  invocation: Invocation,
  { content }: { readonly content?: unknown },
): void {
  if (!Array.isArray(content)) return;
  for (const { type, invalid, toolName, error, providerExecuted } of content as ToolCall[]) {
    if (type !== "tool-call" || invalid !== true || providerExecuted === true) continue;
    const exists = readProperty(error, "name") !== NO_SUCH_TOOL;
    invocation.toolNotStarted(exists ? toolName : undefined, errorTypeOf(error));
  }
}
