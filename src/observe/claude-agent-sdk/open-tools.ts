import type { EndCall, Invocation } from "../work/invocation.ts";

/** Maximum of open tool calls of one query that are followed. */
const MAX_OPEN = 1000;

interface OpenTool {
  readonly invocation: Invocation;
  readonly end: EndCall;
}

/** The open tool calls of a query, by their ids. */
export class OpenTools {
  readonly #open = new Map<string, OpenTool>();

  start(id: string, invocation: Invocation, toolName: string): void {
    if (this.#open.size >= MAX_OPEN) return;
    this.#open.set(id, { invocation, end: invocation.toolStarts(toolName) });
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
