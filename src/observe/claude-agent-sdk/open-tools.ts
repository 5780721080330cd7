import type { EndCall, Invocation } from "../work/invocation.ts";
import { digestOf } from "../work/repeated-calls.ts";
import type { HookInput } from "./hooks.ts";

/** Maximum of open tool calls of one query that are followed. */
const MAX_OPEN = 1000;

interface OpenTool {
  readonly invocation: Invocation;
  readonly end: EndCall;
}

/** The open tool calls of a query, by their ids. */
export class OpenTools {
  readonly #open = new Map<string, OpenTool>();

  start(
    invocation: Invocation,
    { tool_use_id: id, tool_name: toolName = "unknown", tool_input: input }: HookInput,
  ): void {
    if (id === undefined || this.#open.size >= MAX_OPEN) return;
    this.#open.set(id, { invocation, end: invocation.toolStarts(toolName, digestOf(input)) });
  }

  end(id: string, ...how: Parameters<EndCall>): void {
    this.#open.get(id)?.end(...how);
    this.#open.delete(id);
  }

  clear(): void {
    this.#open.clear();
  }

  /** The invocation whose tools run, if all that run are its own. */
  get onlyCaller(): Invocation | undefined {
    const callers = new Set([...this.#open.values()].map(({ invocation }) => invocation));
    const [caller] = callers;
    return callers.size === 1 ? caller : undefined;
  }
}
