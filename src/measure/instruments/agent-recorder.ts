import type { Attributes, Counter, Histogram, Meter } from "@opentelemetry/api";
import type { AgentBook, Taken } from "../../agents/agent-book.ts";
import type {
  FailureRecord,
  FailureRecovery,
  RecoveryRecord,
  RetriedAttempt,
  TaskCancellation,
  TaskOutcome,
  TaskRecord,
  TaskStart,
} from "../../agents/events.ts";
import { shortName } from "../../core/short-name.ts";
import { messageOf, textOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { agentMetrics } from "../../metrics/agent-metrics.ts";
import { createCounter, createHistogram } from "../../otel/create-instrument.ts";
import { withShortNames } from "./short-names.ts";

/** What a failed task's error is called when nobody said. */
const UNKNOWN_ERROR = "unknown";

/** How an open task ends; durations are in seconds. */
export type EndTask = (
  outcome: TaskOutcome | "lost" | "withdrawn" | "unseen",
  seconds: number,
  errorType?: string,
) => void;

/**
 * Records what agents do: into the book, which pairs and counts, and into OpenTelemetry instruments, which are
 * collected. What the book does not take is not recorded; it is counted and said once.
 */
export class AgentRecorder {
  readonly #book: AgentBook;
  readonly #skips: SkipLog;
  readonly #now: () => number;
  readonly #taskDuration: Histogram;
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
    const { book, meter, namespace, skips, now } = options;
    this.#book = book;
    this.#skips = skips;
    this.#now = now;
    const metrics = agentMetrics(namespace);
    this.#taskDuration = createHistogram(meter, metrics.taskDuration);
    this.#recoveryDuration = createHistogram(meter, metrics.recoveryDuration);
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
      const errorType = record.success ? undefined : nameOr(record.errorType, UNKNOWN_ERROR);
      this.#taskDuration.record(
        record.executionTime,
        taskAttributes(record.agentName, record.taskType, errorType),
      );
    });
  }

  cancelTask(given: TaskCancellation): void {
    this.#safely("task cancellation", () => {
      const cancellation = this.#named(given);
      if (!this.#taken(this.#book.cancelTask(cancellation, this.#now()), cancellation, "task cancellation"))
        return;
      this.#cancelledTasks.add(1, { agent: cancellation.agentName });
    });
  }

  /**
   * Counts a task as active from now on; the function that comes back ends it. Both are safe to call always. A task that
   * is `lost` leaves the active ones and has no outcome; one that is `withdrawn` was never there, nor was one whose end
   * nobody will see (`unseen`), which is counted as skipped.
   */
  openTask(givenAgentName: string, givenTaskType: string): EndTask {
    const { agentName, taskType } = this.#named({ agentName: givenAgentName, taskType: givenTaskType });
    const opened = this.#book.openTask(agentName, taskType, this.#now());
    if (!this.#taken(opened, { agentName, taskType }, "task") || opened.dropped !== undefined)
      return () => {};
    return (outcome, seconds, errorType) => {
      if (outcome === "withdrawn" || outcome === "unseen") {
        opened.withdraw();
        if (outcome === "unseen") this.#skips.skip("unseen_result", `task ${taskType} of ${agentName}`);
        return;
      }
      const hasNoOutcome = outcome === "lost" || outcome === "cancelled";
      opened.end(hasNoOutcome ? "cancelled" : outcome, seconds, this.#now());
      if (hasNoOutcome) {
        (outcome === "lost" ? this.#lostTasks : this.#cancelledTasks).add(1, { agent: agentName });
        return;
      }
      const error = outcome === "failure" ? nameOr(errorType, UNKNOWN_ERROR) : undefined;
      this.#taskDuration.record(seconds, taskAttributes(agentName, taskType, error));
    };
  }

  recordRetriedAttempt(given: RetriedAttempt): void {
    this.#safely("attempt", () => {
      const attempt = this.#named(given);
      if (!this.#taken(this.#book.retryAttempt(attempt, this.#now()), attempt, "attempt")) return;
      const errorType = nameOr(attempt.errorType, UNKNOWN_ERROR);
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
    return withShortNames(given, (field) => this.#skips.skip("long_name", `${field}: it is cut`));
  }

  /** Something that cannot even be read (nothing at all, a getter that throws) is as little an error of the host's. */
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

function nameOr(name: unknown, otherwise: string): string {
  return typeof name === "string" && name.trim() !== "" ? shortName(name) : otherwise;
}

/** What was handed in, short, whatever it is: a cyclic object or a BigInt has to be told of too. */
function describe(what: object): string {
  return Object.entries(what)
    .map(([key, value]) => `${key}=${typeof value === "object" ? typeof value : textOf(value, 60)}`)
    .join(" ");
}
