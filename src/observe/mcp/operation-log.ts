import { BoundedNames } from "../../agents/bounded-names.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import { classOrCode } from "../../core/error-name.ts";
import { kindOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { LOST_AFTER_MILLIS } from "../work/open-work.ts";
import type { McpOperation, StandardMetrics } from "../work/standard-metrics.ts";
import {
  type AgentTask,
  OpenOperation,
  type Operation,
  type OperationEnd,
  type Side,
  taskTypeOf,
} from "./operation.ts";

/** Maximum of requests that wait for their answer, in all connections together. */
const MAX_OPEN = 10_000;
/**
 * Maximum of tool names. They come from the other end, and must leave room for the tasks of others.
 */
const MAX_TOOLS = 100;

type EndAgentTask = (outcome: TaskOutcome | "lost", errorType?: string) => void;

/** Where the tasks of agents are recorded. */
export interface TaskWork {
  /** Begins a task. A task that does not end within an hour is lost. */
  beginTask(agentName: string | undefined, taskType: string): EndAgentTask;
  /** Whether a framework's call of a tool of this name is under way. The framework counts it. */
  isToolOpen(toolName: string): boolean;
  /** Logs a line, once. */
  logOnce(what: string): void;
}

/** What the operations of MCP are recorded with. */
export interface OperationLogOptions {
  readonly work: TaskWork;
  readonly metrics: Pick<StandardMetrics, "mcpOperation" | "mcpSession">;
  readonly skips: SkipLog;
  /** Milliseconds of a monotonic clock. */
  elapsedMillis(): number;
}

/** The attributes that all messages of a connection have. */
export type Link = Pick<McpOperation, "protocolVersion" | "transport">;

/** Records requests and notifications, with limits for the names and for the open requests. */
export class OperationLog {
  readonly #options: OperationLogOptions;
  readonly #names: Readonly<Record<"method" | "tool" | "prompt" | "version" | "error", BoundedNames>>;
  /** In the order of their starts. */
  readonly #open = new Set<OpenOperation>();

  constructor(options: OperationLogOptions) {
    this.#options = options;
    const bounded = (what: string, limit?: number): BoundedNames =>
      new BoundedNames(
        (name) => options.skips.skip("max_names", `${what} (${kindOf(name)}) is shown as "other"`),
        limit,
      );
    this.#names = {
      method: bounded("MCP method"),
      tool: bounded("tool", MAX_TOOLS),
      prompt: bounded("prompt"),
      version: bounded("MCP version"),
      error: bounded("error type"),
    };
  }

  now(): number {
    return this.#options.elapsedMillis();
  }

  /**
   * Follows a request until its end, and records it: as an operation and, if it is work, as a task.
   * Returns `undefined` if too many requests are open.
   */
  begin(given: Operation, task: AgentTask | undefined, link: () => Link): OpenOperation | undefined {
    const startedAt = this.now();
    this.#sweep(startedAt);
    if (this.#open.size >= MAX_OPEN) {
      this.#options.skips.skip("max_open_requests", `request (method: ${kindOf(given.method)})`);
      return undefined;
    }
    const operation = { side: given.side, method: given.method, name: this.#nameOf(given) };
    const isTask = task !== undefined && !this.#isCountedByFramework(given);
    const endTask = isTask ? this.#options.work.beginTask(task.agentName, taskTypeOf(operation)) : undefined;
    const opened = new OpenOperation(startedAt, (end) => {
      this.#open.delete(opened);
      endTask?.(end.outcome, end.errorType);
      if (end.outcome === "lost") return;
      this.record(operation, startedAt, end, link());
    });
    this.#open.add(opened);
    return opened;
  }

  /** Records an operation that has ended. */
  record({ method, name, side }: Operation, startedAt: number, end: OperationEnd, link: Link): void {
    const { version, error } = this.#names;
    this.#options.metrics.mcpOperation(side, this.#secondsSince(startedAt), {
      method: this.#names.method.take(method),
      toolName: method === "tools/call" ? name : undefined,
      promptName: method === "prompts/get" ? name : undefined,
      errorType: bound(error, end.outcome === "cancelled" ? "cancelled" : nameOfError(end.errorType)),
      statusCode: bound(error, nameOfError(end.statusCode)),
      protocolVersion: bound(version, link.protocolVersion),
      transport: link.transport,
    });
  }

  sessionEnded(side: Side, startedAt: number, link: Link, errorType: string | undefined): void {
    this.#options.metrics.mcpSession(side, this.#secondsSince(startedAt), {
      protocolVersion: bound(this.#names.version, link.protocolVersion),
      errorType,
    });
  }

  /** Forgets all open requests. */
  clear(): void {
    this.#open.clear();
  }

  /** A tool of a framework's agent may work by an MCP client. */
  #isCountedByFramework({ side, name }: Operation): boolean {
    return side === "client" && name !== undefined && this.#options.work.isToolOpen(name);
  }

  #nameOf({ method, name }: Operation): string | undefined {
    return bound(method === "tools/call" ? this.#names.tool : this.#names.prompt, name);
  }

  /** Requests without an answer are lost after a time: they have no outcome. */
  #sweep(now: number): void {
    const since = now - LOST_AFTER_MILLIS;
    for (const opened of this.#open) {
      if (opened.startedAt > since) return;
      opened.end({ outcome: "lost" });
    }
  }

  #secondsSince(startedAt: number): number {
    return (this.now() - startedAt) / 1000;
  }
}

/** Error codes come from the other end. A text in their place is no label. */
function nameOfError(given: string | undefined): string | undefined {
  return given === undefined ? undefined : (classOrCode(given) ?? "unknown");
}

function bound(names: BoundedNames, name: string | undefined): string | undefined {
  return name === undefined ? undefined : names.take(name);
}
