/** How a task ended. A cancelled task is neither a success nor a failure. */
export type TaskOutcome = "success" | "failure" | "cancelled";

/** A task as it ended. `executionTime` is in seconds. */
export interface TaskRecord {
  /** Names one run of one task; a second record with the same id is dropped and counted. */
  readonly taskId: string;
  readonly agentName: string;
  readonly taskType: string;
  readonly success: boolean;
  /** How long the task took, in seconds. */
  readonly executionTime: number;
  /** What kind of error it failed with; counted as `unknown` when a failed task has none. */
  readonly errorType?: string;
}

/** A task that begins now and is active until it is ended by a `TaskRecord` with the same id. */
export interface TaskStart {
  readonly taskId: string;
  readonly agentName: string;
  readonly taskType: string;
}

/** A task that was given up before it ended; it leaves the active ones and counts as cancelled. */
export interface TaskCancellation {
  readonly taskId: string;
  readonly agentName: string;
}

/** An attempt at a task that failed and was tried again: it counts in the rates of attempts, not in those of tasks. */
export interface RetriedAttempt {
  readonly agentName: string;
  readonly taskType: string;
  readonly errorType?: string;
}

/** Something failed and stays open until a successful recovery with the same id. */
export interface FailureRecord {
  readonly failureId: string;
  readonly agentName: string;
  readonly failureType: string;
}

/** An attempt to recover from a failure that was recorded before. One without success leaves the failure open. */
export interface RecoveryRecord {
  readonly failureId: string;
  readonly agentName: string;
  readonly recoveryAction: string;
  readonly success: boolean;
}

/** A failure and its recovery in one record. `recoveryTime` is in seconds. */
export interface FailureRecovery extends RecoveryRecord {
  readonly failureType: string;
  /** From the failure to its recovery, in seconds. */
  readonly recoveryTime: number;
}
