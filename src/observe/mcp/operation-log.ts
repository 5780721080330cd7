import { BoundedNames } from "../../agents/bounded-names.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { LOST_AFTER_MILLIS } from "../work/framework-work.ts";
import type { McpOperation, StandardMetrics } from "../work/standard-metrics.ts";
import { OpenOperation } from "./open-operation.ts";
import { type Operation, type OperationEnd, type Side, taskTypeOf } from "./operation.ts";

/** So many requests that wait for their answer are followed, of all connections together. */
const MAX_OPEN = 10_000;
/** Names of tools come from the other end: what it makes up leaves room for the tasks of others. */
const MAX_TOOLS = 100;

type EndTask = (outcome: TaskOutcome | "lost", errorType?: string) => void;

/** Where the tasks of agents are kept, as far as that concerns the protocol. */
export interface TaskWork {
  /** Begins a task; one that is not ended within an hour is lost there. */
  beginTask(agentName: string | undefined, taskType: string): EndTask;
  /** Whether a framework's call of a tool of this name is under way: it is counted there. */
  isToolOpen(toolName: string): boolean;
  /** One line, once. */
  sayOnce(what: string): void;
}

export interface OperationLogOptions {
  readonly work: TaskWork;
  readonly metrics: Pick<StandardMetrics, "mcpOperation" | "mcpSession">;
  readonly skips: SkipLog;
  /** Milliseconds of a clock that never goes back. */
  elapsedMillis(): number;
}

/** A request as the work of an agent. */
export interface AgentTask {
  readonly agentName: string | undefined;
}

/** What all messages of a connection have in common. */
export type Link = Pick<McpOperation, "protocolVersion" | "transport">;

/** Where requests and notifications are recorded: every name bounded, and no more requests followed than there is room for. */
export class OperationLog {
  readonly #options: OperationLogOptions;
  readonly #names: Readonly<Record<"method" | "tool" | "prompt" | "version" | "error", BoundedNames>>;
  /** The oldest come first. */
  readonly #open = new Set<OpenOperation>();

  constructor(options: OperationLogOptions) {
    this.#options = options;
    const bounded = (what: string, limit?: number): BoundedNames =>
      new BoundedNames(
        (name) => options.skips.skip("max_names", `${what} ${name} is shown as "other"`),
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
   * Follows a request until its end, which is recorded; where it is work of an agent, as a task too. `undefined` where there
   * is no room for another.
   */
  begin(given: Operation, task: AgentTask | undefined, link: () => Link): OpenOperation | undefined {
    this.#sweep();
    if (this.#open.size >= MAX_OPEN) {
      this.#options.skips.skip("max_open_requests", `request ${given.method}`);
      return undefined;
    }
    const operation = { ...given, name: this.#nameOf(given) };
    const isTask = task !== undefined && !this.#isTold(given);
    const endTask = isTask ? this.#options.work.beginTask(task.agentName, taskTypeOf(operation)) : undefined;
    const opened = new OpenOperation(this.now(), (end) => {
      this.#open.delete(opened);
      endTask?.(end.outcome, end.errorType);
      if (end.outcome === "lost") return;
      this.record(operation, opened.startedAt, end, link());
    });
    this.#open.add(opened);
    return opened;
  }

  /** Measures what has ended. */
  record({ method, name, side }: Operation, startedAt: number, end: OperationEnd, link: Link): void {
    const { version, error } = this.#names;
    this.#options.metrics.mcpOperation(side, this.#secondsSince(startedAt), {
      method: this.#names.method.take(method),
      toolName: method === "tools/call" ? name : undefined,
      promptName: method === "prompts/get" ? name : undefined,
      errorType: bound(error, end.outcome === "cancelled" ? "cancelled" : end.errorType),
      statusCode: bound(error, end.statusCode),
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

  /** Follows nothing any more that is under way. */
  clear(): void {
    this.#open.clear();
  }

  /** A client may be what a tool of a framework's agent works by. */
  #isTold({ side, name }: Operation): boolean {
    return side === "client" && name !== undefined && this.#options.work.isToolOpen(name);
  }

  #nameOf({ method, name }: Operation): string | undefined {
    return bound(method === "tools/call" ? this.#names.tool : this.#names.prompt, name);
  }

  /** Requests that nobody answered in time are lost: they have no outcome. */
  #sweep(): void {
    const since = this.now() - LOST_AFTER_MILLIS;
    for (const opened of this.#open) {
      if (opened.startedAt > since) return;
      opened.end({ outcome: "lost" });
    }
  }

  #secondsSince(startedAt: number): number {
    return (this.now() - startedAt) / 1000;
  }
}

function bound(names: BoundedNames, name: string | undefined): string | undefined {
  return name === undefined ? undefined : names.take(name);
}
