import type { TokenUsage } from "../../agents/token-usage.ts";
import type { EndTask } from "../../measure/instruments/agent-recorder.ts";
import type { FirstHand } from "../work/first-hand.ts";
import type { AgentCalls } from "../work/standard-metrics.ts";
import type { Ended, ModelCall, WorkLog } from "../work/work-log.ts";
import type { SpanWork } from "./span-work.ts";

const CHAT = "chat";

/**
 * What spans tell, as far as no framework tells it: the same work is not counted twice. A span may begin before the
 * framework has spoken of its agent for the first time; such a task is taken back.
 */
export class SpanLog {
  readonly #log: WorkLog;
  readonly #firstHand: FirstHand;

  constructor(log: WorkLog, firstHand: FirstHand) {
    this.#log = log;
    this.#firstHand = firstHand;
  }

  /** For work that is of no agent, so that no framework can have told of it by an agent's name. */
  get ofNobody(): WorkLog {
    return this.#log;
  }

  agentName(given: string): string {
    return this.#log.agentName(given);
  }

  openTask(agentName: string, taskType: string): EndTask {
    if (this.#isTold(agentName)) return () => {};
    const end = this.#log.openTask(agentName, taskType);
    return (outcome, seconds, errorType) =>
      end(this.#isTold(agentName) ? "withdrawn" : outcome, seconds, errorType);
  }

  agentEnded(end: EndTask, agentName: string, calls: AgentCalls, how: Ended): void {
    if (this.#isTold(agentName)) end("withdrawn", 0);
    else this.#log.agentEnded(end, agentName, calls, how);
  }

  lost(end: EndTask): void {
    this.#log.lost(end);
  }

  toolEnded(agentName: string, toolName: string, how: Ended): void {
    if (!this.#isTold(agentName)) this.#log.toolEnded(agentName, toolName, how);
  }

  stepEnded(agentName: string, taskType: string, how: Ended): void {
    if (!this.#isTold(agentName)) this.#log.stepEnded(agentName, taskType, how);
  }

  failedAttempt(agentName: string, taskType: string, errorType: string | undefined): void {
    if (!this.#isTold(agentName)) this.#log.failedAttempt(agentName, taskType, errorType);
  }

  tokensUsed(agentName: string, usage: TokenUsage, call: ModelCall): void {
    if (!this.#firstHand.tellsTokensOf(agentName)) this.#log.tokensUsed(agentName, usage, call);
  }

  /** The agent that a framework tells of, where a span of that name is an invocation of it. */
  invocationOf(spanName: string): string | undefined {
    return this.#firstHand.invocationOf(spanName);
  }

  /** The agent of a framework that had the same tool or model under way at some time since then. */
  toldBy({ role, toolName, model, taskType }: SpanWork, since: number): string | undefined {
    if (role === "tool" && toolName !== undefined) return this.#firstHand.agentThatRan(toolName, since);
    return taskType === CHAT ? this.#firstHand.agentThatAsked(model, since) : undefined;
  }

  #isTold(agentName: string): boolean {
    return this.#firstHand.tellsOf(agentName);
  }
}
