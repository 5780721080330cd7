import type { TaskOutcome } from "../../agents/events.ts";
import { log } from "../../logging/component-logger.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import type { FrameworkReports } from "./framework-reports.ts";
import { INVOKE_AGENT, Invocation } from "./invocation.ts";
import type { WorkLog } from "./work-log.ts";

/** Work that has not ended by then is lost: nobody will tell how it ended. */
export const LOST_AFTER_MILLIS = 3_600_000;
/** So much work is followed at once. */
const MAX_OPEN = 10_000;

/** What a framework's work is measured with. */
export interface AgentWorkOptions {
  readonly log: WorkLog;
  /** Where it is noted what frameworks tell, for whoever sees the same in spans. */
  readonly frameworkReports: FrameworkReports;
  readonly skips: SkipLog;
  /** The agent whose work it is when a framework gives no name. */
  readonly defaultAgentName: string;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  elapsedMillis(): number;
}

interface OpenWork {
  readonly startedAt: number;
  lose(): void;
  withdraw(): void;
}

/**
 * Where everything ends that is seen of agents in frameworks: an invocation of an agent is a task, a tool that failed in
 * it and was survived is a failed attempt, a failure that a success of the same kind follows is recovered.
 */
export class FrameworkWork {
  readonly defaultAgentName: string;
  readonly #options: AgentWorkOptions;
  readonly #open = new Set<OpenWork>();
  readonly #said = new Set<string>();
  #isStopped = false;

  constructor(options: AgentWorkOptions) {
    this.#options = options;
    this.defaultAgentName = options.defaultAgentName;
  }

  /**
   * Begins an invocation; `onClosed` is told when it is over, also when it was lost, or is not followed. `spanName` is what
   * instrumentations call its span, where that is not the agent's name.
   */
  begin(agentName: string | undefined, onClosed = (): void => {}, spanName?: string): Invocation {
    const { log, frameworkReports, now, elapsedMillis } = this.#options;
    const isFollowed = this.#hasRoom(INVOKE_AGENT);
    const invocation = new Invocation(this.#agent(agentName, spanName), {
      log,
      now,
      elapsedMillis,
      frameworkReports,
      isFollowed,
      onOver: () => {
        this.#open.delete(open);
        onClosed();
      },
    });
    const open = {
      startedAt: invocation.startedAt,
      lose: () => invocation.end("lost"),
      withdraw: () => invocation.withdraw(),
    };
    if (isFollowed) this.#open.add(open);
    // Whoever begins it has to have it first.
    else queueMicrotask(onClosed);
    return invocation;
  }

  /** A span that there was no room to follow. */
  skipSpan(spanName: string): void {
    this.#options.skips.skip("max_open_spans", `span ${spanName}`);
  }

  /**
   * Begins a task that is no invocation of an agent; of several ends the first counts. Nobody has told of invocations by it:
   * those of an agent of the same name are still taken from spans.
   */
  beginTask(
    agentName: string | undefined,
    taskType: string,
  ): (outcome: TaskOutcome | "lost", errorType?: string) => void {
    if (!this.#hasRoom(taskType)) return () => {};
    const { log, now, elapsedMillis } = this.#options;
    const agent = log.agentName(agentName || this.defaultAgentName);
    const endTask = log.openTask(agent, taskType);
    const startedAt = elapsedMillis();
    const open = {
      startedAt,
      lose: () => {
        if (this.#open.delete(open)) log.lost(endTask);
      },
      withdraw: () => {
        if (this.#open.delete(open)) endTask("withdrawn", 0);
      },
    };
    this.#open.add(open);
    return (outcome, errorType) => {
      if (outcome === "lost") {
        open.lose();
        return;
      }
      if (!this.#open.delete(open)) return;
      const seconds = (elapsedMillis() - startedAt) / 1000;
      const how = { outcome, seconds, at: now(), ...(errorType ? { errorType } : {}) };
      log.taskEnded(endTask, agent, taskType, how);
    };
  }

  /** Whether an agent of a framework has a tool of that name under way. */
  isToolOpen(toolName: string): boolean {
    return this.#options.frameworkReports.agentThatRan(toolName) !== undefined;
  }

  /** Gives up the work that nobody ended in time: it counts as lost, and has no outcome. */
  sweep(): void {
    const since = this.#options.elapsedMillis() - LOST_AFTER_MILLIS;
    // The oldest come first.
    for (const work of this.#open) {
      if (work.startedAt > since) return;
      work.lose();
    }
  }

  /** From now on nothing is recorded. What is open is taken back: nobody would ever lose it. */
  stop(): void {
    this.#isStopped = true;
    for (const work of this.#open) work.withdraw();
    this.#options.frameworkReports.forgetAgents();
  }

  /** One line, once, about a framework that is not observed. */
  logOnce(what: string): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    log.info(`${what}`);
  }

  #hasRoom(taskType: string): boolean {
    if (this.#isStopped) return false;
    this.sweep();
    if (this.#open.size < MAX_OPEN) return true;
    this.#options.skips.skip("max_open_tasks", `task ${taskType}`);
    return false;
  }

  /** The agent is told of first-hand from now on. */
  #agent(given: string | undefined, spanName?: string): string {
    const agent = this.#options.log.agentName(given || this.defaultAgentName);
    if (!this.#isStopped) this.#options.frameworkReports.reportsAgent(agent, spanName);
    return agent;
  }
}
