import type { Attributes, Counter, Histogram, Meter } from "@opentelemetry/api";
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
import { shortName, withShortNames } from "../../core/short-name.ts";
import { kindOf, messageOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { agentMetrics } from "../../metrics/agent-metrics.ts";
import { createCounter, createHistogram } from "../../otel/create-instrument.ts";

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
      const errorType = record.success ? undefined : errorTypeOf(record.errorType);
      this.#taskDuration.record(
        record.executionTime,
        taskAttributes(record.agentName, record.taskType, errorType),
      );
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
          this.#skips.skip("unseen_result", `task ${describe({ agentName, taskType })}`);
        return;
      }
      opened.end(outcome === "lost" ? "cancelled" : outcome, seconds, this.#now());
      if (outcome === "lost") return this.#lostTasks.add(1, { agent: agentName });
      if (outcome === "cancelled") return this.#cancelledTasks.add(1, { agent: agentName });
      const error = outcome === "failure" ? errorTypeOf(errorType) : undefined;
      this.#taskDuration.record(seconds, taskAttributes(agentName, taskType, error));
    };
  }

  /** Counts an attempt that succeeded and did not end a task. */
  recordSucceededAttempt(given: Attempt): void {
    this.#safely("attempt", () => {
      const attempt = this.#named(given);
      const taken = this.#book.countAttempt({ ...attempt, outcome: "success" }, this.#now());
      if (!this.#taken(taken, attempt, "attempt")) return;
      this.#succeededAttempts.add(1, taskAttributes(attempt.agentName, attempt.taskType, undefined));
    });
  }

  recordRetriedAttempt(given: RetriedAttempt): void {
    this.#safely("attempt", () => {
      const attempt = this.#named(given);
      const taken = this.#book.countAttempt({ ...attempt, outcome: "failure" }, this.#now());
      if (!this.#taken(taken, attempt, "attempt")) return;
      const errorType = errorTypeOf(attempt.errorType);
      this.#retriedAttempts.add(1, taskAttributes(attempt.agentName, attempt.taskType, errorType));
    });
  }

  recordFailure(given: FailureRecord): void {
    this.#safely("failure", () => {
      const failure = this.#named(given);
      if (!this.#taken(this.#book.recordFailure(failure, this.#now()), failure, "failure")) return;
      this.#failures.add(1, { agent: failure.agentName, failure_type: failure.failureType });
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
        this.#failures.add(1, { agent: record.agentName, failure_type: record.failureType });
      this.#recovery(record, record.failureType, record.success ? record.recoveryTime : undefined);
    });
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
      this.#skips.skip("unreadable", `${kind}: ${messageOf(error)}`);
    }
  }

  #recovery(recovery: RecoveryRecord, failureType: string, seconds: number | undefined): void {
    const attributes = { agent: recovery.agentName, recovery_action: recovery.recoveryAction };
    if (seconds === undefined) this.#failedRecoveries.add(1, attributes);
    else this.#recoveryDuration.record(seconds, { ...attributes, failure_type: failureType });
  }

  #taken(taken: Taken, what: object, kind: string): boolean {
    if (taken.dropped === undefined) return true;
    this.#skips.skip(taken.dropped, `${kind} ${describe(what)}`);
    return false;
  }
}

function taskAttributes(agent: string, taskType: string, errorType: string | undefined): Attributes {
  if (errorType === undefined) return { agent, task_type: taskType };
  return { agent, task_type: taskType, error_type: errorType };
}

function errorTypeOf(given: unknown): string {
  return typeof given === "string" && given.trim() !== "" ? shortName(given) : "unknown";
}

/** The fields of a record, for the log, without their values: these may be secrets. */
function describe(what: object): string {
  return Object.entries(what)
    .map(([key, value]) => `${key}: ${kindOf(value)}`)
    .join(", ");
}
