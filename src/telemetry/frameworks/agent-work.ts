import { diag } from "@opentelemetry/api";
import { BoundedNames } from "../../agents/bounded-names.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import { ObservedRecoveries } from "../../agents/observed-recoveries.ts";
import type { AgentRecorder } from "../agent-recorder.ts";
import { Invocation } from "./invocation.ts";

/** How recoveries that were seen and not told of are called. */
const OBSERVED = "observed";
/** An invocation that has not ended by then is lost: nobody will tell how it ended. */
export const LOST_AFTER_MILLIS = 3_600_000;

/** What a framework's work is measured with. */
export interface AgentWorkOptions {
  readonly recorder: AgentRecorder;
  /** The agent whose work it is when a framework gives no name. */
  readonly defaultAgentName: string;
  readonly expiryMillis: number;
  /** Told of each agent that works, before its task is opened; of a short list of names, again and again. */
  readonly onAgent?: (name: string) => void;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  elapsedMillis(): number;
}

/**
 * Where everything ends that is seen of agents in frameworks: an invocation of an agent is a task, a tool that failed in
 * it and was survived is a failed attempt, a failure that a success of the same kind follows is recovered.
 */
export class AgentWork {
  readonly defaultAgentName: string;
  readonly #options: AgentWorkOptions;
  readonly #recoveries: ObservedRecoveries;
  readonly #agents = new BoundedNames();
  readonly #kinds = new BoundedNames();
  readonly #errors = new BoundedNames();
  readonly #open = new Set<Invocation>();
  readonly #said = new Set<string>();

  constructor(options: AgentWorkOptions) {
    this.#options = options;
    this.defaultAgentName = options.defaultAgentName;
    this.#recoveries = new ObservedRecoveries(options.expiryMillis);
  }

  /** Begins an invocation; `onClosed` is told when it is over, also when it was lost. */
  begin(agentName: string | undefined, taskType = "invoke_agent", onClosed = (): void => {}): Invocation {
    this.sweep();
    const agent = this.#agents.take(agentName || this.defaultAgentName);
    const kind = this.#kinds.take(taskType);
    this.#options.onAgent?.(agent);
    const end = this.#options.recorder.openTask(agent, kind);
    const startedAt = this.#options.elapsedMillis();
    const invocation = new Invocation(agent, startedAt, {
      ended: (outcome, errorType) => {
        this.#open.delete(invocation);
        const error = this.#errorName(errorType);
        end(outcome, (this.#options.elapsedMillis() - startedAt) / 1000, error);
        this.#hear(agent, kind, outcome);
        onClosed();
      },
      toolEnded: (tool, outcome) => this.#hear(agent, this.#kinds.take(`execute_tool ${tool}`), outcome),
      survived: (tool, errorType) => this.#retried(agent, `execute_tool ${tool}`, errorType),
    });
    this.#open.add(invocation);
    return invocation;
  }

  /** Gives up the invocations that nobody ended in time: they count as lost, and have no outcome. */
  sweep(): void {
    const since = this.#options.elapsedMillis() - LOST_AFTER_MILLIS;
    // The oldest come first.
    for (const invocation of this.#open) {
      if (invocation.startedAt > since) return;
      invocation.end("lost");
    }
  }

  /** One line, once, about a framework that is not observed. */
  sayOnce(what: string): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    diag.info(`otel-forecast: ${what}`);
  }

  #retried(agentName: string, taskType: string, errorType: string | undefined): void {
    const error = this.#errorName(errorType);
    this.#options.recorder.recordRetriedAttempt({
      agentName,
      taskType: this.#kinds.take(taskType),
      ...(error === undefined ? {} : { errorType: error }),
    });
  }

  #hear(agentName: string, failureType: string, outcome: TaskOutcome | "lost"): void {
    const { recorder, now } = this.#options;
    if (outcome === "failure") {
      const failureId = this.#recoveries.failed(agentName, failureType, now());
      if (failureId !== undefined) recorder.recordFailure({ failureId, agentName, failureType });
    } else if (outcome === "success") {
      const recovered = this.#recoveries.succeeded(agentName, failureType, now());
      if (recovered === undefined) return;
      const { failureId, seconds: recoveryTime } = recovered;
      const recovery = { failureId, agentName, failureType, recoveryAction: OBSERVED, recoveryTime };
      recorder.recordFailureRecovery({ ...recovery, success: true });
    }
  }

  #errorName(errorType: string | undefined): string | undefined {
    return errorType === undefined || errorType === "" ? undefined : this.#errors.take(errorType);
  }
}
