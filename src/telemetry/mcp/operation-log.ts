import { BoundedNames } from "../../agents/bounded-names.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import { LOST_AFTER_MILLIS } from "../frameworks/agent-work.ts";
import type { McpSession, StandardMetrics } from "../genai/standard-metrics.ts";
import type { SkipLog } from "../skip-log.ts";
import { OpenOperation } from "./open-operation.ts";
import type { Operation, OperationEnd, Side } from "./operation.ts";

/** So many requests that wait for their answer are followed, of all connections together. */
const MAX_OPEN = 10_000;

type EndTask = (outcome: TaskOutcome, errorType?: string) => void;

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
  readonly taskType: string;
}

/** What all messages of a connection have in common. */
export type Link = Omit<McpSession, "errorType">;

/** Where requests and notifications are recorded: every name bounded, and no more requests followed than there is room for. */
export class OperationLog {
  readonly #options: OperationLogOptions;
  readonly #names: Readonly<Record<"method" | "tool" | "prompt" | "version" | "error", BoundedNames>>;
  /** The oldest come first. */
  readonly #open = new Set<OpenOperation>();

  constructor(options: OperationLogOptions) {
    this.#options = options;
    const bounded = (what: string): BoundedNames =>
      new BoundedNames((name) => options.skips.skip("max_names", `${what} ${name} is shown as "other"`));
    this.#names = {
      method: bounded("MCP method"),
      tool: bounded("tool"),
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
  begin(operation: Operation, task: AgentTask | undefined, link: () => Link): OpenOperation | undefined {
    this.#sweep();
    if (this.#open.size >= MAX_OPEN) {
      this.#options.skips.skip("max_open_requests", `request ${operation.method}`);
      return undefined;
    }
    const endTask = this.#beginTask(operation, task);
    const opened = new OpenOperation(this.now(), (end) => {
      this.#open.delete(opened);
      if (end.outcome === "lost") return;
      endTask?.(end.outcome, end.errorType);
      this.record(operation, opened.startedAt, end, link());
    });
    this.#open.add(opened);
    return opened;
  }

  /** Measures what has ended. */
  record({ method, name, side }: Operation, startedAt: number, end: OperationEnd, link: Link): void {
    const { version, error, tool, prompt } = this.#names;
    this.#options.metrics.mcpOperation(side, this.#secondsSince(startedAt), {
      method: this.#names.method.take(method),
      toolName: method === "tools/call" ? bound(tool, name) : undefined,
      promptName: method === "prompts/get" ? bound(prompt, name) : undefined,
      errorType: bound(error, end.outcome === "cancelled" ? "cancelled" : end.errorType),
      statusCode: bound(error, end.statusCode),
      protocolVersion: bound(version, link.protocolVersion),
      transport: link.transport,
    });
  }

  sessionEnded(side: Side, startedAt: number, link: Link, errorType: string | undefined): void {
    this.#options.metrics.mcpSession(side, this.#secondsSince(startedAt), {
      protocolVersion: bound(this.#names.version, link.protocolVersion),
      transport: link.transport,
      errorType,
    });
  }

  /** Follows nothing any more that is under way. */
  clear(): void {
    this.#open.clear();
  }

  #beginTask({ side, name }: Operation, task: AgentTask | undefined): EndTask | undefined {
    const { work } = this.#options;
    if (task === undefined || (side === "client" && name !== undefined && work.isToolOpen(name)))
      return undefined;
    return work.beginTask(task.agentName, task.taskType);
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
