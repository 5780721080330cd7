import type { DropReason } from "../core/drop-reason.ts";
import { shortName } from "../core/short-name.ts";
import { Agent } from "./agent.ts";
import { wrongSeconds, wrongSuccess } from "./check-record.ts";
import type {
  FailureRecord,
  FailureRecovery,
  RecoveryRecord,
  RetriedAttempt,
  TaskCancellation,
  TaskOutcome,
  TaskRecord,
  TaskStart,
} from "./events.ts";
import { KnownAgents, type KnownAgentsLimits } from "./known-agents.ts";
import type { AgentPerformance } from "./performance.ts";
import { type Scalability, scalabilityOf } from "./scalability.ts";

/** What came of a record: taken, or dropped for a reason. */
export type Taken<Facts = object> =
  | ({ readonly dropped?: undefined } & Facts)
  | { readonly dropped: DropReason };

const OK: Taken = {};

/**
 * Pairs the starts, ends, failures and recoveries of all agents. Pure: every call is given the time, in epoch
 * milliseconds. Nothing that it is handed makes it throw; what cannot be taken comes back as a reason.
 */
export class AgentBook {
  readonly #agents: KnownAgents;
  readonly #windowMillis: number;

  constructor(limits: KnownAgentsLimits) {
    this.#windowMillis = limits.windowMillis;
    this.#agents = new KnownAgents(limits);
  }

  startTask(start: TaskStart, now: number): Taken {
    const agent = this.#agents.hear(start.agentName, [start.taskId, start.taskType], now);
    if (typeof agent === "string") return { dropped: agent };
    return asTaken(agent.startTask(start.taskId, start.taskType));
  }

  endTask(record: TaskRecord, now: number): Taken {
    const wrong = wrongSeconds(record.executionTime) ?? wrongSuccess(record.success);
    if (wrong !== undefined) return { dropped: wrong };
    const agent = this.#agents.hear(record.agentName, [record.taskId, record.taskType], now);
    if (typeof agent === "string") return { dropped: agent };
    const outcome = record.success ? "success" : "failure";
    return asTaken(agent.endTask(record.taskId, record.taskType, outcome, record.executionTime));
  }

  cancelTask(cancellation: TaskCancellation, now: number): Taken {
    const agent = this.#agents.hear(cancellation.agentName, [cancellation.taskId], now);
    if (typeof agent === "string") return { dropped: agent };
    return asTaken(agent.cancelTask(cancellation.taskId));
  }

  /**
   * A task that is timed by who calls, with no id of its own. Gives how to end it, or to take it back as if it had never
   * begun; or why it is not counted.
   */
  openTask(
    agentName: string,
    taskType: string,
    now: number,
  ): Taken<{ end(outcome: TaskOutcome, seconds: number, endedAt: number): void; withdraw(): void }> {
    const agent = this.#agents.hear(agentName, [taskType], now);
    if (typeof agent === "string") return { dropped: agent };
    agent.startAnonymous();
    return {
      end: (outcome, seconds, endedAt) => {
        agent.hear(endedAt);
        agent.endAnonymous(taskType, outcome, seconds);
      },
      withdraw: () => agent.withdrawAnonymous(),
    };
  }

  retryAttempt(attempt: RetriedAttempt, now: number): Taken {
    const agent = this.#agents.hear(attempt.agentName, [attempt.taskType], now);
    if (typeof agent === "string") return { dropped: agent };
    agent.retryAttempt();
    return OK;
  }

  recordFailure(failure: FailureRecord, now: number): Taken {
    const agent = this.#agents.hear(failure.agentName, [failure.failureId, failure.failureType], now);
    if (typeof agent === "string") return { dropped: agent };
    return asTaken(agent.failures.open(failure.failureId, failure.failureType, now));
  }

  /** Closes an open failure; gives how long it was open, in seconds, when the recovery succeeded. */
  recordRecovery(
    recovery: RecoveryRecord,
    now: number,
  ): Taken<{ recoverySeconds?: number; failureType?: string }> {
    const wrong = wrongSuccess(recovery.success);
    if (wrong !== undefined) return { dropped: wrong };
    const agent = this.#agents.hear(recovery.agentName, [recovery.failureId, recovery.recoveryAction], now);
    if (typeof agent === "string") return { dropped: agent };
    if (!recovery.success) {
      const dropped = agent.failures.recoveryFailed(recovery.failureId);
      if (dropped !== undefined) return { dropped };
      agent.recoveryFailed();
      return OK;
    }
    const failure = agent.failures.recover(recovery.failureId);
    if (typeof failure === "string") return { dropped: failure };
    const recoverySeconds = Math.max(0, now - failure.since) / 1000;
    agent.recovered(recoverySeconds);
    return { recoverySeconds, failureType: failure.failureType };
  }

  /**
   * A failure and its recovery at once. An open failure of that id is closed by it when it succeeded;
   * `isNewFailure` says whether there was none.
   */
  recordFailureRecovery(record: FailureRecovery, now: number): Taken<{ isNewFailure?: boolean }> {
    const wrong = wrongSeconds(record.recoveryTime) ?? wrongSuccess(record.success);
    if (wrong !== undefined) return { dropped: wrong };
    const names = [record.failureId, record.failureType, record.recoveryAction];
    const agent = this.#agents.hear(record.agentName, names, now);
    if (typeof agent === "string") return { dropped: agent };
    const opened = agent.failures.open(record.failureId, record.failureType, now);
    if (opened === "max_open_failures") return { dropped: opened };
    if (!record.success) {
      const failed = agent.failures.recoveryFailed(record.failureId);
      if (failed !== undefined) return { dropped: failed };
      agent.recoveryFailed();
      return { isNewFailure: opened === undefined };
    }
    const failure = agent.failures.recover(record.failureId);
    if (typeof failure === "string") return { dropped: failure };
    agent.recovered(record.recoveryTime);
    return { isNewFailure: opened === undefined };
  }

  /** Remembers that an agent lives and what it consumes. */
  recordResources(agentName: string, resources: Readonly<Record<string, number>>, now: number): Taken {
    const agent = this.#agents.hear(agentName, [], now);
    if (typeof agent === "string") return { dropped: agent };
    agent.consume(resources);
    return OK;
  }

  performance(agentName: string, now: number): AgentPerformance {
    const name = typeof agentName === "string" ? shortName(agentName) : agentName;
    return (this.#agents.get(name) ?? new Agent(name, this.#windowMillis, now)).performance(now);
  }

  get agentNames(): string[] {
    return this.#agents.names;
  }

  *activeTasks(): Iterable<[agentName: string, activeTasks: number]> {
    for (const agent of this.#agents) yield [agent.name, agent.activeTasks];
  }

  *openFailures(): Iterable<[agentName: string, openFailures: number]> {
    for (const agent of this.#agents) yield [agent.name, agent.failures.openCount];
  }

  /** Ends a stretch of time of every agent's pairs of concurrency and throughput. */
  *closeStretches(): Generator<undefined, void> {
    for (const agent of this.#agents) {
      agent.concurrency.close();
      yield;
    }
  }

  /** How each agent's throughput answers to concurrency, as far as can be told. */
  *scalabilities(): Iterable<[agentName: string, scalability: Scalability]> {
    for (const agent of this.#agents) yield [agent.name, scalabilityOf(agent.concurrency.points())];
  }

  /**
   * Forgets the agents that have no task open and were last heard of at `silentSince` (epoch milliseconds) or before;
   * returns their names.
   */
  expire(silentSince: number): string[] {
    return this.#agents.expire(silentSince);
  }
}

function asTaken(dropped: DropReason | undefined): Taken {
  return dropped === undefined ? OK : { dropped };
}
