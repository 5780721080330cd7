/** How a task ended. A cancelled task counts neither as a success nor as a failure. */
export type TaskOutcome = "success" | "failure" | "cancelled";

/** A task that has ended. */
export interface TaskRecord {
  /** Identifies one run of one task. A second record with the same id is dropped and counted. */
  readonly taskId: string;
  readonly agentName: string;
  readonly taskType: string;
  readonly success: boolean;
  /** The duration of the task in seconds. */
  readonly executionTime: number;
  /** The kind of error of a failed task. Without it, the error counts as `unknown`. */
  readonly errorType?: string;
}

/** A task that starts now. It is active until a `TaskRecord` with the same id ends it. */
export interface TaskStart {
  readonly taskId: string;
  readonly agentName: string;
  readonly taskType: string;
}

/** A task without an id, which the caller times. Call one of the two, once. */
export interface OpenTask {
  /** @param endedAt epoch milliseconds. */
  end(outcome: TaskOutcome, seconds: number, endedAt: number, errorType?: string): void;
  /** Removes the task as if it had never started. */
  withdraw(): void;
}

/** An active task that is given up. It is not active any more and counts as cancelled. */
export interface TaskCancellation {
  readonly taskId: string;
  readonly agentName: string;
}

/** An attempt that is not the end of a task. It counts in the rates of attempts, not of tasks. */
export interface Attempt {
  readonly agentName: string;
  readonly taskType: string;
}

/** An attempt, and how it ended. */
export interface EndedAttempt extends Attempt {
  readonly outcome: "success" | "failure";
}

/** A failed attempt at a task that is retried. */
export interface RetriedAttempt extends Attempt {
  readonly errorType?: string;
}

/** A failure. It is open until a successful recovery with the same id. */
export interface FailureRecord {
  readonly failureId: string;
  readonly agentName: string;
  readonly failureType: string;
}

/**
 * An attempt to recover from a failure that was recorded before. If it was not successful, the
 * failure stays open.
 */
export interface RecoveryRecord {
  readonly failureId: string;
  readonly agentName: string;
  readonly recoveryAction: string;
  readonly success: boolean;
}

/** A failure and its recovery in one record. */
export interface FailureRecovery extends RecoveryRecord {
  readonly failureType: string;
  /** The time from the failure to its recovery, in seconds. */
  readonly recoveryTime: number;
}
