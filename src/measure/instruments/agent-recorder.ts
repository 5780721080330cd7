import type { Counter, Histogram, Meter } from "@opentelemetry/api";
import type { AgentBook, Taken } from "../../agents/agent-book.ts";
import type {
  Attempt,
  FailureRecord,
  FailureRecovery,
  RecoveryRecord,
  RetriedAttempt,
  TaskCancellation,
  TaskOutcome,
  TaskRecord,
  TaskStart,
} from "../../agents/events.ts";
import { RecordedLabels } from "../../agents/recorded-labels.ts";
import { classOrCode } from "../../core/error-name.ts";
import { kindOfError } from "../../core/error-type.ts";
import { withShortNames } from "../../core/short-name.ts";
import { kindOf, kindsOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { agentMetrics } from "../../metrics/agent-metrics.ts";
import { createCounter, createHistogram } from "../../otel/create-instrument.ts";

const UNKNOWN = "unknown";

/** Ends an open task. The duration is in seconds. */
export type EndTask = (
  outcome: TaskOutcome | "lost" | "withdrawn" | "unseen",
  seconds: number,
  errorType?: string,
) => void;

/**
 * Records what agents do, twice: in the book, which pairs and counts, and with OpenTelemetry
 * instruments, which are collected. Records that the book does not accept are dropped, counted and
 * logged once.
 */
export class AgentRecorder {
  readonly #book: AgentBook;
  readonly #skips: SkipLog;
  readonly #now: () => number;
  readonly #labels: RecordedLabels;
  readonly #taskDuration: Histogram;
  readonly #succeededAttempts: Counter;
  readonly #retriedAttempts: Counter;
  readonly #cancelledTasks: Counter;
  readonly #lostTasks: Counter;
  readonly #failures: Counter;
  readonly #failedRecoveries: Counter;
  readonly #recoveryDuration: Histogram;

  constructor(options: {
    book: AgentBook;
    meter: Meter;
    namespace: string;
    skips: SkipLog;
    now: () => number;
  }) {
    const { meter, namespace } = options;
    this.#book = options.book;
    this.#skips = options.skips;
    this.#now = options.now;
    this.#labels = new RecordedLabels((label) =>
      this.#skips.skip("max_names", `a ${label} is shown as "other", because there are too many`),
    );
    const metrics = agentMetrics(namespace);
    this.#taskDuration = createHistogram(meter, metrics.taskDuration);
    this.#recoveryDuration = createHistogram(meter, metrics.recoveryDuration);
    this.#succeededAttempts = createCounter(meter, metrics.succeededAttempts);
    this.#retriedAttempts = createCounter(meter, metrics.retriedAttempts);
    this.#cancelledTasks = createCounter(meter, metrics.cancelledTasks);
    this.#lostTasks = createCounter(meter, metrics.lostTasks);
    this.#failures = createCounter(meter, metrics.failures);
    this.#failedRecoveries = createCounter(meter, metrics.failedRecoveries);
  }

  /** The present by the clock of the book, in epoch milliseconds. */
  now(): number {
    return this.#now();
  }

  startTask(given: TaskStart): void {
    this.#safely("task start", () => {
      const start = this.#named(given);
      this.#taken(this.#book.startTask(start, this.#now()), start, "task start");
    });
  }

  recordTask(given: TaskRecord): void {
    this.#safely("task", () => {
      const record = this.#named(given);
      const taken = this.#book.endTask(record, this.#now());
      if (!this.#taken(taken, record, "task")) return;
      const errorType = record.success ? undefined : this.#errorType(record.errorType);
      const labels = this.#labels.ofTask(record.agentName, record.taskType, errorType);
      this.#taskDuration.record(record.executionTime, labels);
    });
  }

  cancelTask(given: TaskCancellation): void {
    this.#safely("task cancellation", () => {
      const cancellation = this.#named(given);
      const taken = this.#book.cancelTask(cancellation, this.#now());
      if (!this.#taken(taken, cancellation, "task cancellation")) return;
      this.#cancelledTasks.add(1, { agent: cancellation.agentName });
    });
  }

  /**
   * Counts a task as active, and returns a function that ends it. Neither throws.
   *
   * - `lost` and `cancelled` tasks have a counter each, and no outcome.
   * - `withdrawn` tasks are not counted, and `unseen` tasks (no end can be observed) are skipped.
   */
  openTask(givenAgentName: string, givenTaskType: string): EndTask {
    const { agentName, taskType } = this.#named({ agentName: givenAgentName, taskType: givenTaskType });
    const opened = this.#book.openTask(agentName, taskType, this.#now());
    if (!this.#taken(opened, { agentName, taskType }, "task") || opened.dropped !== undefined)
      return () => {};
    return (outcome, seconds, errorType) => {
      if (outcome === "withdrawn" || outcome === "unseen") {
        opened.withdraw();
        if (outcome === "unseen")
          this.#skips.skip("unseen_result", `task ${kindsOf({ agentName, taskType })}`);
        return;
      }
      opened.end(outcome === "lost" ? "cancelled" : outcome, seconds, this.#now());
      if (outcome === "lost") return this.#lostTasks.add(1, { agent: agentName });
      if (outcome === "cancelled") return this.#cancelledTasks.add(1, { agent: agentName });
      const error = outcome === "failure" ? this.#errorType(errorType) : undefined;
      this.#taskDuration.record(seconds, this.#labels.ofTask(agentName, taskType, error));
    };
  }

  /** Counts an attempt that succeeded and did not end a task. */
  recordSucceededAttempt(given: Attempt): void {
    this.#safely("attempt", () => {
      const attempt = this.#named(given);
      const taken = this.#book.countAttempt({ ...attempt, outcome: "success" }, this.#now());
      if (!this.#taken(taken, attempt, "attempt")) return;
      this.#succeededAttempts.add(1, this.#labels.ofTask(attempt.agentName, attempt.taskType));
    });
  }

  recordRetriedAttempt(given: RetriedAttempt): void {
    this.#safely("attempt", () => {
      const attempt = this.#named(given);
      const taken = this.#book.countAttempt({ ...attempt, outcome: "failure" }, this.#now());
      if (!this.#taken(taken, attempt, "attempt")) return;
      const errorType = this.#errorType(attempt.errorType);
      this.#retriedAttempts.add(1, this.#labels.ofTask(attempt.agentName, attempt.taskType, errorType));
    });
  }

  recordFailure(given: FailureRecord): void {
    this.#safely("failure", () => {
      const failure = this.#named(given);
      if (!this.#taken(this.#book.recordFailure(failure, this.#now()), failure, "failure")) return;
      this.#failures.add(1, this.#labels.ofFailure(failure.agentName, failure.failureType));
    });
  }

  recordRecovery(given: RecoveryRecord): void {
    this.#safely("recovery", () => {
      const recovery = this.#named(given);
      const taken = this.#book.recordRecovery(recovery, this.#now());
      if (!this.#taken(taken, recovery, "recovery") || taken.dropped !== undefined) return;
      this.#recovery(recovery, taken.failureType ?? "", taken.recoverySeconds);
    });
  }

  recordFailureRecovery(given: FailureRecovery): void {
    this.#safely("failure and recovery", () => {
      const record = this.#named(given);
      const taken = this.#book.recordFailureRecovery(record, this.#now());
      if (!this.#taken(taken, record, "failure and recovery") || taken.dropped !== undefined) return;
      if (taken.isNewFailure)
        this.#failures.add(1, this.#labels.ofFailure(record.agentName, record.failureType));
      this.#recovery(record, record.failureType, record.success ? record.recoveryTime : undefined);
    });
  }

  /** Counts a call that was to run work, and was handed something else than a function. */
  skipWork(given: unknown): undefined {
    const what = "the work of a task";
    this.#skips.skip("invalid_argument", `${what} must be a function, got ${kindOf(given)}`, 1, what);
  }

  /** Forgets the labels of agents that are gone. */
  forget(agentNames: readonly string[]): void {
    this.#labels.forget(agentNames);
  }

  /** The class or the code of an error. A message never becomes a label. */
  #errorType(given: unknown): string {
    if (typeof given !== "string" || given.trim() === "") return UNKNOWN;
    const errorType = classOrCode(given);
    if (errorType === undefined)
      this.#skips.skip("error_text", `an error type is a text, not a class or a code: shown as "${UNKNOWN}"`);
    return errorType ?? UNKNOWN;
  }

  #named<Given extends object>(given: Given): Given {
    return withShortNames(given, (field) => this.#skips.skip("long_name", `${field} was cut`));
  }

  /**
   * A record that cannot be read (`undefined`, a getter that throws) must not throw into the
   * application.
   */
  #safely(kind: string, take: () => void): void {
    try {
      take();
    } catch (error) {
      this.#skips.skipThrown("unreadable", `${kind}: ${kindOfError(error)}`, error);
    }
  }

  #recovery(recovery: RecoveryRecord, failureType: string, seconds: number | undefined): void {
    const { agentName, recoveryAction } = recovery;
    if (seconds === undefined)
      this.#failedRecoveries.add(1, this.#labels.ofRecovery(agentName, recoveryAction));
    else
      this.#recoveryDuration.record(seconds, this.#labels.ofRecovery(agentName, recoveryAction, failureType));
  }

  #taken(taken: Taken, what: object, kind: string): boolean {
    if (taken.dropped === undefined) return true;
    this.#skips.skip(taken.dropped, `${kind} ${kindsOf(what)}`);
    return false;
  }
}
