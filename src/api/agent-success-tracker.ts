import { createNoopMeter } from "@opentelemetry/api";
import { AgentBook } from "../agents/agent-book.ts";
import type {
  FailureRecord,
  FailureRecovery,
  RecoveryRecord,
  RetriedAttempt,
  TaskCancellation,
  TaskRecord,
  TaskStart,
} from "../agents/events.ts";
import type { AgentPerformance } from "../agents/performance.ts";
import { settings } from "../config/settings.ts";
import { SkipLog } from "../logging/skip-log.ts";
import { AgentRecorder } from "../measure/instruments/agent-recorder.ts";
import { Runtime } from "../run/runtime.ts";

interface Books {
  readonly book: AgentBook;
  readonly recorder: AgentRecorder;
}

/**
 * Keeps account of agents: their tasks, failures and recoveries. What it is told goes to the monitor that runs in the
 * process, which measures, forecasts and publishes it; where none runs, it is kept here, for `calculatePerformance`.
 *
 * Nothing that it is told makes it throw: a duplicate task or failure id, a second recovery of one failure, a recovery
 * of a failure that was never recorded, a duration that is negative or not a number, a `success` that is no boolean are
 * dropped, counted by reason and said once.
 */
export class AgentSuccessTracker {
  readonly #given: Books | undefined;
  #alone: Books | undefined;

  /**
   * @param books of the monitor to record into; by default those of the monitor that runs in the
   * process when something is recorded.
   * @internal
   */
  constructor(books?: Books) {
    this.#given = books;
  }

  /** Counts a task as active until `recordTask` or `cancelTask` with the same id. */
  startTask(start: TaskStart): void {
    this.#books.recorder.startTask(start);
  }

  /** A task as it ended; `executionTime` in seconds. */
  recordTask(record: TaskRecord): void {
    this.#books.recorder.recordTask(record);
  }

  /** A task that was started and given up: neither a success nor a failure. */
  cancelTask(cancellation: TaskCancellation): void {
    this.#books.recorder.cancelTask(cancellation);
  }

  /** An attempt that failed within a task that goes on. */
  recordRetriedAttempt(attempt: RetriedAttempt): void {
    this.#books.recorder.recordRetriedAttempt(attempt);
  }

  /** A failure, open until a successful recovery with the same id. */
  recordFailure(failure: FailureRecord): void {
    this.#books.recorder.recordFailure(failure);
  }

  /** An attempt to recover. With success it closes the failure, and the time since the failure is its recovery time. */
  recordRecovery(recovery: RecoveryRecord): void {
    this.#books.recorder.recordRecovery(recovery);
  }

  /** A failure and its recovery in one; `recoveryTime` in seconds. */
  recordFailureRecovery(record: FailureRecovery): void {
    this.#books.recorder.recordFailureRecovery(record);
  }

  /** How an agent does. Of an agent that was never heard of, all counts are 0 and rates and percentiles are absent. */
  calculatePerformance(agentName: string): AgentPerformance {
    return this.#books.book.performance(agentName, Date.now());
  }

  get #books(): Books {
    const books = this.#given ?? Runtime.ofProcess?.pipeline.instruments;
    if (books !== undefined) return books;
    this.#alone ??= standalone();
    return this.#alone;
  }
}

function standalone(): Books {
  const book = new AgentBook({
    windowMillis: settings.windowMillis.fallback,
    maxAgents: settings.maxSeries.fallback,
  });
  const recorder = new AgentRecorder({
    book,
    meter: createNoopMeter(),
    namespace: settings.namespace.fallback,
    skips: new SkipLog(),
    now: () => Date.now(),
  });
  return { book, recorder };
}
