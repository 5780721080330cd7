import type { EndedStep } from "../../agents/attempt-tally.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";
import type { EndTask } from "../../measure/instruments/agent-recorder.ts";
import { agentBegins } from "../work/current-agent.ts";
import type { FrameworkReports } from "../work/framework-reports.ts";
import { RETRIED } from "../work/model-call.ts";
import type { AgentCalls } from "../work/standard-metrics.ts";
import type { Ended, ModelCall, WorkLog } from "../work/work-log.ts";
import type { SpanReading } from "./span-reading.ts";
import type { HeldCall } from "./span-tree.ts";

const CHAT = "chat";
const UNKNOWN = "unknown";
/** No client repeats a request so often: such a count is a mistake. */
const MAX_RESENDS = 100;

/**
 * Records work that was seen in spans, except what a framework reports too: the same work is not
 * counted twice. A span may start before the framework reports its agent for the first time. Then
 * the task is withdrawn.
 */
export class DedupedWorkLog {
  readonly #log: WorkLog;
  readonly #frameworkReports: FrameworkReports;

  constructor(log: WorkLog, frameworkReports: FrameworkReports) {
    this.#log = log;
    this.#frameworkReports = frameworkReports;
  }

  /** For work without an agent: no framework can report it by the name of an agent. */
  get undeduped(): WorkLog {
    return this.#log;
  }

  agentName(given: string): string {
    return this.#log.agentName(given);
  }

  openTask(agentName: string, taskType: string): EndTask {
    if (this.#isReported(agentName)) return () => {};
    agentBegins(agentName);
    const end = this.#log.openTask(agentName, taskType);
    return (outcome, seconds, errorType) =>
      end(this.#isReported(agentName) ? "withdrawn" : outcome, seconds, errorType);
  }

  agentEnded(end: EndTask, agentName: string, calls: AgentCalls, how: Ended): void {
    if (this.#isReported(agentName)) end("withdrawn", 0);
    else this.#log.agentEnded(end, agentName, calls, how);
  }

  lost(end: EndTask): void {
    this.#log.lost(end);
  }

  toolEnded(agentName: string, toolName: string, how: Ended): void {
    if (!this.#isReported(agentName)) this.#log.toolEnded(agentName, toolName, how);
  }

  stepEnded(agentName: string, taskType: string, how: Ended): void {
    if (!this.#isReported(agentName)) this.#log.stepEnded(agentName, taskType, how);
  }

  attempted(agentName: string, step: EndedStep): void {
    if (!this.#isReported(agentName)) this.#log.attempted(agentName, step);
  }

  tokensUsed(agentName: string, usage: TokenUsage, call: ModelCall): void {
    if (!this.#frameworkReports.reportsTokensOf(agentName)) this.#log.tokensUsed(agentName, usage, call);
  }

  toolCalled(agentName: string, toolName: string, isRepetition: boolean): void {
    if (!this.#isReported(agentName)) this.#log.toolCalled(agentName, toolName, isRepetition);
  }

  firstTokenArrived(agentName: string, model: string | undefined, seconds: number): void {
    if (!this.#isReported(agentName)) this.#log.firstTokenArrived(agentName, model, seconds);
  }

  /** The agent whose invocation a span of this name is, if a framework reports it. */
  invocationOf(spanName: string): string | undefined {
    return this.#frameworkReports.invocationOf(spanName);
  }

  /** The framework's agent that has called the same tool or model since then. */
  reportedBy({ role, toolName, model, taskType }: SpanReading, since: number): string | undefined {
    if (role === "tool" && toolName !== undefined)
      return this.#frameworkReports.agentThatRan(toolName, since);
    return taskType === CHAT ? this.#frameworkReports.agentThatAsked(model, since) : undefined;
  }

  /** A span reports a model call. The call is open until the returned function is called. */
  spanAsks({ model, taskType }: SpanReading): () => void {
    return this.#frameworkReports.spanAsks({ model, operation: taskType });
  }

  #isReported(agentName: string): boolean {
    return this.#frameworkReports.isReported(agentName);
  }
}

/** Records a call of a tool or a model as a step of an agent. */
export function recordCall(log: DedupedWorkLog | WorkLog, agentName: string, call: HeldCall): void {
  const { work, how } = call;
  const usage = usageOf(call);
  if (usage !== undefined && work.role === "model") log.tokensUsed(agentName, usage, modelCallOf(work));
  if (work.role === "model" && work.firstPartSeconds !== undefined)
    log.firstTokenArrived(agentName, work.model, work.firstPartSeconds);
  if (work.toolName !== undefined) log.toolEnded(agentName, work.toolName, how);
  log.stepEnded(agentName, work.taskType, how);
  for (const { toolName, errorType } of work.refusedCalls ?? []) {
    // A tool that does not exist can't recover, so it opens no failure.
    if (toolName === undefined) continue;
    log.stepEnded(agentName, `execute_tool ${toolName}`, { ...how, outcome: "failure", errorType });
  }
}

/**
 * The steps that a call is: none if it was cancelled, which is no attempt; for a model call also each time that its
 * request was sent again, and the calls of tools that its answer asks for and that were not started.
 */
export function stepsOf({
  work: { role, taskType, resends = 0, refusedCalls = [] },
  how,
}: HeldCall): EndedStep[] {
  const { outcome, errorType } = how;
  const failed = { taskType, outcome: "failure", errorType: RETRIED } as const;
  const resent = role === "model" ? Array<EndedStep>(Math.min(resends, MAX_RESENDS)).fill(failed) : [];
  if (outcome === "cancelled") return resent;
  const refused = refusedCalls.map(({ toolName = UNKNOWN, errorType: refusedWith }) => ({
    taskType: `execute_tool ${toolName}`,
    outcome: "failure" as const,
    errorType: refusedWith,
  }));
  return [...resent, { taskType, outcome, errorType }, ...refused];
}

/** The tokens of a call: its own, else those of the calls inside it. */
export function usageOf({ work, node }: HeldCall): TokenUsage | undefined {
  return work.usage ?? node.innerUsage;
}

/** The call of a model that a span describes. */
export function modelCallOf(work: SpanReading): ModelCall {
  return { ...work, operation: work.taskType };
}
