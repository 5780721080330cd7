import { AgentBook, type Taken } from "../../agents/agent-book.ts";
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
import type { KnownAgentsLimits } from "../../agents/known-agents.ts";
import { RecordedLabels, UNKNOWN_ERROR } from "../../agents/recorded-labels.ts";
import { kindOfError } from "../../core/error-type.ts";
import type { MeasuredMetric } from "../../core/measured-metric.ts";
import { withShortNames } from "../../core/short-name.ts";
import { kindOf, kindsOf } from "../../core/text-of.ts";
import type { Steps } from "../../core/yielding-runner.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { WorkCounts } from "./work-counts.ts";

/** Ends an open task. The duration is in seconds. */
export type EndTask = (
  outcome: TaskOutcome | "lost" | "withdrawn" | "unseen",
  seconds: number,
  errorType?: string,
) => void;

/**
 * Records what agents do: in the book of agents, and in counts of what the book does not keep.
 * Collections read both. Records that the book does not accept are dropped, counted and logged once.
 */
export class AgentRecorder {
  readonly book: AgentBook;
  readonly #labels: RecordedLabels;
  readonly #counts: WorkCounts;
  readonly #skips: SkipLog;
  readonly #now: () => number;
  readonly #onCut = (field: string): void => this.#skips.skip("long_name", `${field} was cut`);

  constructor(
    options: Omit<KnownAgentsLimits, "labels"> & { namespace: string; skips: SkipLog; now: () => number },
  ) {
    const { skips } = options;
    this.#skips = skips;
    this.#now = options.now;
    const isText = `an error type is a text, not a class or a code: shown as "${UNKNOWN_ERROR}"`;
    this.#labels = new RecordedLabels({
      onFull: (label) =>
        skips.skip("max_names", `a ${label} is shown as "other", because there are too many`),
      onErrorText: () => skips.skip("error_text", isText),
    });
    this.book = new AgentBook({ ...options, labels: this.#labels });
    this.#counts = new WorkCounts(this.book, this.#labels, options.namespace);
  }

  /** The present by the clock of the book, in epoch milliseconds. */
  now(): number {
    return this.#now();
  }

  startTask(given: TaskStart): void {
    this.#safely("task start", () => {
      const start = this.#named(given);
      this.#taken(this.book.startTask(start, this.#now()), start, "task start");
    });
  }

  recordTask(given: TaskRecord): void {
    // Not by `#safely`: a function that is made for each task costs as much as to count it.
    try {
      const record = this.#named(given);
      this.#taken(this.book.endTask(record, this.#now()), record, "task");
    } catch (error) {
      this.#unreadable("task", error);
    }
  }

  cancelTask(given: TaskCancellation): void {
    this.#safely("task cancellation", () => {
      const cancellation = this.#named(given);
      const taken = this.book.cancelTask(cancellation, this.#now());
      if (!this.#taken(taken, cancellation, "task cancellation")) return;
      this.#counts.count("cancelledTasks", this.#labels.ofAgent(cancellation.agentName));
    });
  }

  /**
   * Counts a task as active, and returns a function that ends it. Neither throws.
   *
   * - `lost` and `cancelled` tasks have a counter each, and no outcome.
   * - `withdrawn` tasks are not counted, and `unseen` tasks (no end can be observed) are skipped.
   */
  openTask(givenAgentName: string, givenTaskType: string): EndTask {
    const task = this.#named({ agentName: givenAgentName, taskType: givenTaskType });
    const { agentName, taskType } = task;
    const opened = this.book.openTask(agentName, taskType, this.#now());
    if (!this.#taken(opened, task, "task")) return () => {};
    return (outcome, seconds, errorType) => {
      if (outcome === "withdrawn" || outcome === "unseen") {
        opened.withdraw();
        if (outcome === "unseen") this.#skips.skip("unseen_result", () => `task ${kindsOf(task)}`);
        return;
      }
      opened.end(outcome === "lost" ? "cancelled" : outcome, seconds, this.#now(), errorType);
      if (outcome === "lost") this.#counts.count("lostTasks", this.#labels.ofAgent(agentName));
      if (outcome === "cancelled") this.#counts.count("cancelledTasks", this.#labels.ofAgent(agentName));
    };
  }

  /** Counts an attempt that succeeded and did not end a task. */
  recordSucceededAttempt(given: Attempt): void {
    // Not by `#safely`, as above: an agent has many attempts in a task.
    try {
      const attempt = this.#named(given);
      const { agentName, taskType } = attempt;
      const taken = this.book.countAttempt({ agentName, taskType, outcome: "success" }, this.#now());
      if (this.#taken(taken, attempt, "attempt"))
        this.#counts.count("succeededAttempts", this.#labels.ofTask(agentName, taskType));
    } catch (error) {
      this.#unreadable("attempt", error);
    }
  }

  recordRetriedAttempt(given: RetriedAttempt): void {
    this.#safely("attempt", () => {
      const attempt = this.#named(given);
      const { agentName, taskType, errorType } = attempt;
      const taken = this.book.countAttempt({ agentName, taskType, outcome: "failure" }, this.#now());
      if (!this.#taken(taken, attempt, "attempt")) return;
      this.#counts.count("retriedAttempts", this.#labels.ofError(agentName, taskType, errorType));
    });
  }

  recordFailure(given: FailureRecord): void {
    this.#safely("failure", () => {
      const failure = this.#named(given);
      if (!this.#taken(this.book.recordFailure(failure, this.#now()), failure, "failure")) return;
      this.#counts.count("failures", this.#labels.ofFailure(failure.agentName, failure.failureType));
    });
  }

  recordRecovery(given: RecoveryRecord): void {
    this.#safely("recovery", () => {
      const recovery = this.#named(given);
      const taken = this.book.recordRecovery(recovery, this.#now());
      if (!this.#taken(taken, recovery, "recovery")) return;
      this.#recovery(recovery, taken.failureType ?? "", taken.recoverySeconds);
    });
  }

  recordFailureRecovery(given: FailureRecovery): void {
    this.#safely("failure and recovery", () => {
      const record = this.#named(given);
      const taken = this.book.recordFailureRecovery(record, this.#now());
      if (!this.#taken(taken, record, "failure and recovery")) return;
      if (taken.isNewFailure)
        this.#counts.count("failures", this.#labels.ofFailure(record.agentName, record.failureType));
      this.#recovery(record, record.failureType, record.success ? record.recoveryTime : undefined);
    });
  }

  /** Counts a call that was to run work, and was handed something else than a function. */
  skipWork(given: unknown): undefined {
    const what = "the work of a task";
    this.#skips.skip("invalid_argument", `${what} must be a function, got ${kindOf(given)}`, 1, what);
  }

  /** What was recorded since the previous call, and what is open now. */
  collect(): Steps<MeasuredMetric[]> {
    return this.#counts.collect();
  }

  #named<Given extends object>(given: Given): Given {
    return withShortNames(given, this.#onCut);
  }

  /** A record that cannot be read (a getter that throws) must not throw into the application. */
  #safely(kind: string, take: () => void): void {
    try {
      take();
    } catch (error) {
      this.#unreadable(kind, error);
    }
  }

  #unreadable(kind: string, error: unknown): void {
    this.#skips.skipThrown("unreadable", `${kind}: ${kindOfError(error)}`, error);
  }

  #recovery(recovery: RecoveryRecord, failureType: string, seconds: number | undefined): void {
    const { agentName, recoveryAction } = recovery;
    if (seconds === undefined)
      this.#counts.count("failedRecoveries", this.#labels.ofRecovery(agentName, recoveryAction));
    else this.#counts.recovered(this.#labels.ofRecovery(agentName, recoveryAction, failureType), seconds);
  }

  #taken<Facts>(taken: Taken<Facts>, what: object, kind: string): taken is { dropped?: undefined } & Facts {
    if (taken.dropped === undefined) return true;
    this.#skips.skip(taken.dropped, () => `${kind} ${kindsOf(what)}`);
    return false;
  }
}
