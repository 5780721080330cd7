import type { AgentBook } from "../agents/agent-book.ts";
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
import { wallMillis } from "../system/wall-clock.ts";

interface Books {
  readonly book: AgentBook;
  readonly recorder: AgentRecorder;
}

/**
 * Records the tasks, failures and recoveries of agents that the application measures itself. The
 * monitor of the process measures, forecasts and publishes them. Without a monitor, they are kept
 * here, for `calculatePerformance`.
 *
 * Its methods never throw. Invalid records are dropped, counted by reason in
 * `forecast_skipped_total`, and logged once:
 *
 * - a second record of the same task or failure id
 * - a second recovery of a failure, or a recovery of a failure that was never recorded
 * - a duration that is negative or not a number, a `success` that is not a boolean, an empty name
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

  /** Counts a task as active, until `recordTask` or `cancelTask` is called with the same id. */
  startTask(start: TaskStart): void {
    this.#books.recorder.startTask(start);
  }

  /**
   * Records a task that has ended. `executionTime` is in seconds. `startTask` before it is
   * optional.
   */
  recordTask(record: TaskRecord): void {
    this.#books.recorder.recordTask(record);
  }

  /** Records that a started task was given up. It counts neither as success nor as failure. */
  cancelTask(cancellation: TaskCancellation): void {
    this.#books.recorder.cancelTask(cancellation);
  }

  /** Records a failed attempt of a task that goes on. */
  recordRetriedAttempt(attempt: RetriedAttempt): void {
    this.#books.recorder.recordRetriedAttempt(attempt);
  }

  /** Records a failure. It is open until a successful recovery with the same id. */
  recordFailure(failure: FailureRecord): void {
    this.#books.recorder.recordFailure(failure);
  }

  /**
   * Records a recovery. If it succeeded, it closes the failure, and the time since the failure is
   * the recovery time.
   */
  recordRecovery(recovery: RecoveryRecord): void {
    this.#books.recorder.recordRecovery(recovery);
  }

  /** Records a failure and its recovery together. `recoveryTime` is in seconds. */
  recordFailureRecovery(record: FailureRecovery): void {
    this.#books.recorder.recordFailureRecovery(record);
  }

  /**
   * The performance of an agent. For an unknown agent all counts are 0, and rates and percentiles
   * are absent.
   */
  calculatePerformance(agentName: string): AgentPerformance {
    const { book, recorder } = this.#books;
    return book.performance(agentName, recorder.now());
  }

  get #books(): Books {
    const books = this.#given ?? Runtime.ofProcess?.pipeline.instruments;
    if (books !== undefined) return books;
    this.#alone ??= standalone();
    return this.#alone;
  }
}

function standalone(): Books {
  const recorder = new AgentRecorder({
    windowMillis: settings.windowMillis.fallback,
    maxAgents: settings.maxSeries.fallback,
    namespace: settings.namespace.fallback,
    skips: new SkipLog(),
    now: wallMillis,
  });
  return { book: recorder.book, recorder };
}
