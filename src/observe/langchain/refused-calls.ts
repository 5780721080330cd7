import { readProperty } from "../../core/error-type.ts";
import type { Invocation } from "../work/invocation.ts";

/** The class of LangChain's error for an input that does not fit the schema of a tool. */
const INVALID_INPUT = "ToolInputParsingException";
const NO_SUCH_TOOL = "tool_not_found";
/** The texts of LangChain and LangGraph for a tool that does not exist. Other texts are not read. */
const NOT_FOUND = /^Error: (Tool "[^"]*" not found|\S+ is not a valid tool)/;

/**
 * The tool calls that have started in an invocation: by their ids or, if LangChain reports none, by
 * the names of their tools.
 */
export class StartedCalls {
  readonly #ids = new Set<unknown>();
  readonly #names = new Set<unknown>();

  add(callId: unknown, toolName: string): void {
    if (typeof callId === "string") this.#ids.add(callId);
    else this.#names.add(toolName);
  }

  has(callId: string, toolName: unknown): boolean {
    return this.#ids.has(callId) || this.#names.has(toolName);
  }
}

/**
 * Recognises calls of tools that failed before their start. LangChain reports no run for them: the
 * only trace is a message with an error for the model, in the output of a step.
 */
export class RefusedCalls {
  /** A message passes through the outputs of several runs. */
  readonly #seen = new WeakSet<object>();

  /**
   * @param input of the run. Its messages are older than the run.
   * @param output of the run.
   */
  report(invocation: Invocation, started: StartedCalls, input: unknown, output: unknown): void {
    for (const message of messagesOf(output)) {
      // A long conversation passes through every step: what is no error is not searched for in it.
      if (!isToolError(message) || this.#seen.has(message) || messagesOf(input).includes(message)) continue;
      this.#seen.add(message);
      const [callId, name, content] = ["tool_call_id", "name", "content"].map((key) =>
        readProperty(message, key),
      );
      if (typeof callId !== "string" || started.has(callId, name)) continue;
      const exists = typeof name === "string" && !(typeof content === "string" && NOT_FOUND.test(content));
      invocation.toolNotStarted(exists ? name : undefined, exists ? INVALID_INPUT : NO_SUCH_TOOL);
    }
  }
}

function isToolError(message: unknown): message is object {
  return readProperty(message, "type") === "tool" && readProperty(message, "status") === "error";
}

/** The messages in an input or output of a step: a list, or the field `messages` of a state. */
function messagesOf(given: unknown): unknown[] {
  const messages = Array.isArray(given) ? given : readProperty(given, "messages");
  return Array.isArray(messages) ? messages : [];
}
