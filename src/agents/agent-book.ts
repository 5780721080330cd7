import type { DropReason } from "../core/drop-reason.ts";
import { shortName } from "../core/short-name.ts";
import type { Steps } from "../core/yielding-runner.ts";
import type { TaskDurations } from "./ended-tasks.ts";
import type {
  EndedAttempt,
  FailureRecord,
  FailureRecovery,
  OpenTask,
  RecoveryRecord,
  TaskCancellation,
  TaskRecord,
  TaskStart,
} from "./events.ts";
import {
  KnownAgents,
  type KnownAgentsLimits,
  wrongName,
  wrongSeconds,
  wrongSuccess,
} from "./known-agents.ts";
import type { AgentPerformance } from "./performance.ts";
import { type Scalability, scalabilityOf } from "./scalability.ts";

/** Whether a record was taken, with what the book found out, or why it was dropped. */
export type Taken<Facts = object> =
  | ({ readonly dropped?: undefined } & Facts)
  | { readonly dropped: DropReason };

const OK: Taken = {};

/**
 * The exact account of all agents: pairs starts with ends, and failures with recoveries. Times are
 * arguments, in epoch milliseconds. Records may hold anything: the book never throws. It returns
 * the reason for which a record was dropped.
 */
export class AgentBook {
  readonly #agents: KnownAgents;

  constructor(limits: KnownAgentsLimits) {
    this.#agents = new KnownAgents(limits);
  }

  startTask(start: TaskStart, now: number): Taken {
    const agent = this.#agents.hear(start.agentName, [start.taskId, start.taskType], now);
    if (typeof agent === "string") return { dropped: agent };
    return asTaken(agent.startTask(start.taskId, start.taskType));
  }

  endTask(record: TaskRecord, now: number): Taken {
    const { taskId, agentName, taskType, success, executionTime, errorType } = record;
    const wrong =
      wrongSeconds(executionTime) ??
      wrongSuccess(success) ??
      wrongName(agentName) ??
      wrongName(taskId) ??
      wrongName(taskType);
    if (wrong !== undefined) return { dropped: wrong };
    const agent = this.#agents.hearChecked(agentName, now);
    if (typeof agent === "string") return { dropped: agent };
    return asTaken(
      agent.endTask(taskId, taskType, success ? "success" : "failure", executionTime, errorType),
    );
  }

  cancelTask(cancellation: TaskCancellation, now: number): Taken {
    const agent = this.#agents.hear(cancellation.agentName, [cancellation.taskId], now);
    if (typeof agent === "string") return { dropped: agent };
    return asTaken(agent.cancelTask(cancellation.taskId));
  }

  /** Opens a task without an id, which the caller times. */
  openTask(agentName: string, taskType: string, now: number): Taken<OpenTask> {
    const wrong = wrongName(agentName) ?? wrongName(taskType);
    const agent = wrong ?? this.#agents.hearChecked(agentName, now);
    if (typeof agent === "string") return { dropped: agent };
    agent.startAnonymous(taskType);
    return {
      end: (outcome, seconds, endedAt, errorType) => {
        agent.hear(endedAt);
        agent.endAnonymous(taskType, outcome, seconds, errorType);
      },
      withdraw: () => agent.withdrawAnonymous(),
    };
  }

  /** Counts an attempt that is not the end of a task. */
  countAttempt(attempt: EndedAttempt, now: number): Taken {
    const wrong = wrongName(attempt.agentName) ?? wrongName(attempt.taskType);
    const agent = wrong ?? this.#agents.hearChecked(attempt.agentName, now);
    if (typeof agent === "string") return { dropped: agent };
    agent.countAttempt(attempt.outcome);
    return OK;
  }

  recordFailure(failure: FailureRecord, now: number): Taken {
    const agent = this.#agents.hear(failure.agentName, [failure.failureId, failure.failureType], now);
    if (typeof agent === "string") return { dropped: agent };
    return asTaken(agent.failures.open(failure.failureId, failure.failureType, now));
  }

  /** Closes an open failure if the recovery succeeded. Returns how long the failure was open. */
  recordRecovery(
    recovery: RecoveryRecord,
    now: number,
  ): Taken<{ recoverySeconds?: number; failureType?: string }> {
    const wrong = wrongSuccess(recovery.success);
    if (wrong !== undefined) return { dropped: wrong };
    const agent = this.#agents.hear(recovery.agentName, [recovery.failureId, recovery.recoveryAction], now);
    if (typeof agent === "string") return { dropped: agent };
    if (!recovery.success) return asTaken(agent.recoveryFailed(recovery.failureId));
    const failure = agent.failures.recover(recovery.failureId);
    if (typeof failure === "string") return { dropped: failure };
    const recoverySeconds = Math.max(0, now - failure.since) / 1000;
    agent.recovered(recoverySeconds);
    return { recoverySeconds, failureType: failure.failureType };
  }

  /**
   * Records a failure and its recovery at once. Closes the failure with that id if the recovery
   * succeeded. Returns whether the failure was not open before.
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
      const dropped = agent.recoveryFailed(record.failureId);
      return dropped === undefined ? { isNewFailure: opened === undefined } : { dropped };
    }
    const failure = agent.failures.recover(record.failureId);
    if (typeof failure === "string") return { dropped: failure };
    agent.recovered(record.recoveryTime);
    return { isNewFailure: opened === undefined };
  }

  /** Records the resources that an agent has consumed. The agent counts as heard of. */
  recordResources(agentName: string, resources: Readonly<Record<string, number>>, now: number): Taken {
    const agent = this.#agents.hear(agentName, [], now);
    if (typeof agent === "string") return { dropped: agent };
    agent.consume(resources);
    return OK;
  }

  performance(agentName: string, now: number): AgentPerformance {
    const name = typeof agentName === "string" ? shortName(agentName) : agentName;
    return this.#agents.get(name, now).performance(now);
  }

  /** The durations of all tasks that ended since the previous call. */
  collectTasks(): Steps<TaskDurations[]> {
    return this.#agents.collectTasks();
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

  /** The process goes on after a pause. */
  resume(now: number): void {
    for (const agent of this.#agents) agent.resume(now);
  }

  /** Ends the period over which every agent's concurrency and throughput are averaged. */
  *closePeriods(): Generator<undefined, void> {
    for (const agent of this.#agents) {
      agent.concurrency.closePeriod();
      yield;
    }
  }

  /** How the throughput of each agent depends on concurrency, as far as the data shows it. */
  *scalabilities(): Iterable<[agentName: string, scalability: Scalability]> {
    for (const agent of this.#agents) yield [agent.name, scalabilityOf(agent.concurrency.points())];
  }

  /**
   * Forgets the agents that have no active task and were last heard of at `silentSince` (epoch
   * milliseconds) or before. Returns their names.
   */
  expire(silentSince: number): string[] {
    return this.#agents.expire(silentSince);
  }
}

function asTaken(dropped: DropReason | undefined): Taken {
  return dropped === undefined ? OK : { dropped };
}
