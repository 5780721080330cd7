import type { EndedStep } from "../../agents/attempt-tally.ts";
import { BoundedNames } from "../../agents/bounded-names.ts";
import { ObservedRecoveries } from "../../agents/observed-recoveries.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";
import { classOrCode } from "../../core/error-name.ts";
import { kindOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import type { AgentConsumption } from "../../measure/instruments/agent-consumption.ts";
import type { AgentRecorder, EndTask } from "../../measure/instruments/agent-recorder.ts";
import type { AgentRuns } from "../../measure/instruments/agent-runs.ts";
import type { SpanOutcome } from "./span-outcome.ts";
import type { AgentCalls, StandardMetrics } from "./standard-metrics.ts";

/** The recovery action of recoveries that were observed, and not recorded by the application. */
const OBSERVED = "observed";
const UNKNOWN = "unknown";

/** Where the work of agents is recorded. */
export interface WorkLogOptions {
  readonly recorder: AgentRecorder;
  readonly consumption: AgentConsumption;
  readonly runs: AgentRuns;
  readonly metrics: StandardMetrics;
  readonly skips: SkipLog;
  readonly expiryMillis: number;
}

/** How work ended, and its duration in seconds. */
export interface Ended extends SpanOutcome {
  readonly seconds: number;
  /** The time of its end in epoch milliseconds; absent: now. */
  readonly at?: number;
}

/**
 * Records the work of agents that was observed: with limits for all names, with recoveries, and in
 * the GenAI metrics.
 */
export class WorkLog {
  readonly #options: WorkLogOptions;
  readonly #recoveries: ObservedRecoveries;
  readonly #names: Readonly<
    Record<"agent" | "taskType" | "tool" | "error" | "model" | "provider", BoundedNames>
  >;

  constructor(options: WorkLogOptions) {
    this.#options = options;
    this.#recoveries = new ObservedRecoveries(options.expiryMillis);
    const bounded = (what: string): BoundedNames =>
      new BoundedNames((name) =>
        options.skips.skip("max_names", `${what} (${kindOf(name)}) is shown as "other"`),
      );
    this.#names = {
      agent: bounded("agent"),
      taskType: bounded("task type"),
      tool: bounded("tool"),
      error: bounded("error type"),
      model: bounded("model"),
      provider: bounded("provider"),
    };
  }

  agentName(given: string): string {
    return this.#names.agent.take(given);
  }

  /**
   * The agent's name must be one that `agentName` returned. The same holds for the methods below.
   */
  openTask(agentName: string, taskType: string): EndTask {
    return this.#options.recorder.openTask(agentName, this.#names.taskType.take(taskType));
  }

  /** Ends an open task that is no invocation of an agent. */
  taskEnded(end: EndTask, agentName: string, taskType: string, how: Ended): void {
    end(how.outcome, how.seconds, this.#errorType(how));
    this.stepEnded(agentName, taskType, how);
  }

  /** Ends the task of an invocation. */
  agentEnded(end: EndTask, agentName: string, calls: AgentCalls, how: Ended): void {
    this.taskEnded(end, agentName, calls.operation, how);
    this.#options.runs.runEnded(agentName, calls);
    this.#options.metrics.agentInvoked(how.seconds, calls, agentName, this.#standardError(how));
  }

  /** Counts a task that never ended as lost. It has no outcome. */
  lost(end: EndTask): void {
    end("lost", 0);
  }

  toolEnded(agentName: string, toolName: string, how: Ended): void {
    const tool = { agentName, toolName: this.#names.tool.take(toolName) };
    this.#options.metrics.toolExecuted(how.seconds, tool, this.#standardError(how));
  }

  /** @param isRepetition whether the run has called the tool in the same way several times before. */
  toolCalled(agentName: string, toolName: string, isRepetition: boolean): void {
    this.#options.runs.toolCalled(agentName, this.#names.tool.take(toolName), isRepetition);
  }

  /** @param seconds from the call of the model to the first part of its streamed answer. */
  firstTokenArrived(agentName: string, model: string | undefined, seconds: number): void {
    this.#options.runs.firstTokenArrived(agentName, this.#names.model.take(model ?? UNKNOWN), seconds);
  }

  /** Records how a step ended. A success after a failure of the same kind is a recovery. */
  stepEnded(agentName: string, taskType: string, { outcome, at }: Ended): void {
    // Most steps end well, in agents without a failure.
    if (outcome === "success" && !this.#recoveries.hasFailed(agentName)) return;
    const { recorder } = this.#options;
    const failureType = this.#names.taskType.take(taskType);
    const now = at ?? recorder.now();
    if (outcome === "failure") {
      const failureId = this.#recoveries.failed(agentName, failureType, now);
      if (failureId !== undefined) recorder.recordFailure({ failureId, agentName, failureType });
    } else if (outcome === "success") {
      const recovered = this.#recoveries.succeeded(agentName, failureType, now);
      if (recovered === undefined) return;
      const { failureId, seconds: recoveryTime } = recovered;
      const recovery = { failureId, agentName, failureType, recoveryAction: OBSERVED, recoveryTime };
      recorder.recordFailureRecovery({ ...recovery, success: true });
    }
  }

  /** Counts a step that is an attempt of its own, and not the end of a task. */
  attempted(agentName: string, step: EndedStep): void {
    const { recorder } = this.#options;
    const attempt = { agentName, taskType: this.#names.taskType.take(step.taskType) };
    if (step.outcome === "success") recorder.recordSucceededAttempt(attempt);
    else {
      recorder.recordRetriedAttempt({ ...attempt, errorType: this.#boundedError(step.errorType) });
    }
  }

  tokensUsed(agentName: string, usage: TokenUsage, call: ModelCall): void {
    const model = this.#names.model.take(call.model ?? UNKNOWN);
    const provider = this.#names.provider.take(call.provider ?? UNKNOWN);
    this.#options.consumption.tokensUsed(agentName, usage, call.model, model, call.cost);
    this.#options.metrics.tokensUsed(usage, { operation: call.operation, model, provider });
  }

  #errorType(how: SpanOutcome): string | undefined {
    return how.outcome === "failure" ? this.#boundedError(how.errorType) : undefined;
  }

  #boundedError(errorType: string | undefined): string {
    return this.#names.error.take(classOrCode(errorType) ?? UNKNOWN);
  }

  #standardError(how: SpanOutcome): string | undefined {
    return how.outcome === "cancelled" ? "cancelled" : this.#errorType(how);
  }
}

/** A call of a model, by the names in the span or the framework's report. */
export interface ModelCall {
  readonly operation: string;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  /** Its cost, if the framework reports it; absent: that of the price table. */
  readonly cost?: number | undefined;
}
