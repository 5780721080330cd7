import type { TaskOutcome } from "../../agents/events.ts";
import { kindOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { EMBEDDINGS } from "../../otel/semconv.ts";
import { type AgentAtWork, agentBegins, CurrentAgents, type RunAround } from "./current-agent.ts";
import type { FrameworkReports } from "./framework-reports.ts";
import { INVOKE_AGENT, Invocation } from "./invocation.ts";
import { type AskedModel, ProviderModelCall } from "./model-call.ts";
import { OpenWork } from "./open-work.ts";
import type { WorkLog } from "./work-log.ts";

/** What the work of frameworks is recorded with. */
export interface AgentWorkOptions {
  readonly log: WorkLog;
  /** What frameworks report, so that the same work in spans is not counted again. */
  readonly frameworkReports: FrameworkReports;
  readonly skips: SkipLog;
  /** The agent of work for which a framework gives no name. */
  readonly defaultAgentName: string;
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMillis: () => number;
}

/**
 * Records the work of agents in all frameworks. An invocation of an agent is a task. A tool that
 * failed while the invocation went on is a failed attempt. A success after a failure of the same
 * kind is a recovery.
 */
export class FrameworkWork {
  readonly defaultAgentName: string;
  readonly currentAgents = new CurrentAgents();
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMillis: () => number;
  readonly #options: AgentWorkOptions;
  readonly #open: OpenWork;
  readonly #logged = new Set<string>();

  constructor(options: AgentWorkOptions) {
    this.#options = options;
    this.#open = new OpenWork(options.skips);
    this.defaultAgentName = options.defaultAgentName;
    this.elapsedMillis = options.elapsedMillis;
  }

  /**
   * Begins an invocation.
   *
   * @param onClosed called when it has ended, was lost, or is not followed.
   * @param spanName the name of its span in instrumentations, if that is not the agent's name; empty
   * if there is no such span.
   */
  begin(agentName: string | undefined, onClosed = (): void => {}, spanName?: string): Invocation {
    const at = this.#options.elapsedMillis();
    const isFollowed = this.#open.hasRoom(INVOKE_AGENT, at);
    const agent = this.#agent(agentName, spanName);
    agentBegins(agent);
    const invocation = new Invocation(agent, this.#options, {
      at,
      isFollowed,
      onOver: () => {
        this.#open.close(invocation);
        onClosed();
      },
    });
    if (isFollowed) this.#open.add(invocation);
    // The caller needs the invocation first.
    else queueMicrotask(onClosed);
    return invocation;
  }

  /** Counts a span that is not followed, because too many are open. */
  skipSpan(spanName: string): void {
    this.#options.skips.skip("max_open_spans", `span (name: ${kindOf(spanName)})`);
  }

  /**
   * Begins a task that is no invocation of an agent. It does not count as a framework's report of
   * the agent: invocations of an agent of the same name are still taken from spans.
   *
   * @returns a function that ends the task. The first call counts.
   */
  beginTask(
    agentName: string | undefined,
    taskType: string,
  ): (outcome: TaskOutcome | "lost", errorType?: string) => void {
    const { log, elapsedMillis } = this.#options;
    const startedAt = elapsedMillis();
    if (!this.#open.hasRoom(taskType, startedAt)) return () => {};
    const agent = log.agentName(agentName || this.defaultAgentName);
    const endTask = log.openTask(agent, taskType);
    const open = {
      startedAt,
      lose: () => {
        if (this.#open.close(open)) log.lost(endTask);
      },
      withdraw: () => {
        if (this.#open.close(open)) endTask("withdrawn", 0);
      },
    };
    this.#open.add(open);
    return (outcome, errorType) => {
      if (outcome === "lost") {
        open.lose();
        return;
      }
      if (!this.#open.close(open)) return;
      const seconds = (elapsedMillis() - startedAt) / 1000;
      const how = errorType ? { outcome, seconds, errorType } : { outcome, seconds };
      log.taskEnded(endTask, agent, taskType, how);
    };
  }

  /**
   * Begins a call of a model by the SDK of its provider, for the agent around it, else for the
   * process. `undefined` if it is not followed, as when a framework has asked the model.
   */
  beginModelCall(asked: AskedModel): ProviderModelCall | undefined {
    const around = this.currentAgents.innermost;
    return this.#isOfFramework(asked, around?.run) ? undefined : this.#openModelCall(asked, around);
  }

  /**
   * Begins embeddings that a framework reports, for the agent around them, else for the process. If the SDK of a
   * provider makes them, they are not counted there.
   */
  beginEmbeddings(asked: Omit<AskedModel, "operation">): ProviderModelCall | undefined {
    const close = this.#options.frameworkReports.embeddingsStart(asked.model);
    return this.#openModelCall({ ...asked, operation: EMBEDDINGS }, this.currentAgents.innermost, close);
  }

  #openModelCall(
    asked: AskedModel,
    around: AgentAtWork | undefined,
    onOver = (): void => {},
  ): ProviderModelCall | undefined {
    const { log, frameworkReports, elapsedMillis } = this.#options;
    const startedAt = elapsedMillis();
    if (!this.#open.hasRoom(asked.operation, startedAt)) {
      onOver();
      return undefined;
    }
    const call = new ProviderModelCall(asked, startedAt, {
      log,
      elapsedMillis,
      frameworkReports,
      agentName: log.agentName(around?.agentName || this.defaultAgentName),
      run: around?.run,
      onOver: () => {
        this.#open.close(call);
        onOver();
      },
    });
    this.#open.add(call);
    return call;
  }

  #isOfFramework({ model, operation }: AskedModel, around: RunAround | undefined): boolean {
    const { frameworkReports } = this.#options;
    if (operation === EMBEDDINGS) return frameworkReports.isMakingEmbeddings(model);
    // Where it is known whose code runs, calls of other agents at the same time are not mistaken for it.
    return around?.isAsking(model) ?? frameworkReports.agentThatAsked(model) !== undefined;
  }

  /** Whether an agent of a framework has an open call of a tool of this name. */
  isToolOpen(toolName: string): boolean {
    return this.#options.frameworkReports.agentThatRan(toolName) !== undefined;
  }

  /** Returns a function that says whether an agent of a framework has called any tool from now on. */
  watchTools(): () => boolean {
    const { frameworkReports, elapsedMillis } = this.#options;
    const since = elapsedMillis();
    return () => frameworkReports.hasToolRun(since);
  }

  /** Counts work that was open for too long as lost. It has no outcome. */
  sweep(): void {
    this.#open.sweep(this.#options.elapsedMillis());
  }

  /**
   * Records nothing from now on. Open work is withdrawn: there is no sweep any more that counts it
   * as lost.
   */
  stop(): void {
    this.#open.stop();
    this.#options.frameworkReports.forgetAgents();
  }

  /** Logs a line about a framework, once. */
  logOnce(what: string): void {
    if (this.#logged.has(what)) return;
    this.#logged.add(what);
    log.info(what);
  }

  /** The agent's bounded name. The framework reports the agent from now on. */
  #agent(given: string | undefined, spanName?: string): string {
    const agent = this.#options.log.agentName(given || this.defaultAgentName);
    if (!this.#open.isStopped && spanName !== "")
      this.#options.frameworkReports.reportsAgent(agent, spanName);
    return agent;
  }
}
