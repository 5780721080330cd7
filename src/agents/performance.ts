/**
 * The tasks of one type of an agent. Counts are since the start. The rate and the percentiles (in
 * seconds) cover the window, and are absent if no task has ended in it.
 */
export interface TaskTypePerformance {
  readonly completedTasks: number;
  readonly failedTasks: number;
  readonly cancelledTasks: number;
  /** The share of tasks that ended in success, 0..1. */
  readonly taskSuccessRate?: number;
  readonly latencyP50?: number;
  readonly latencyP95?: number;
  readonly latencyP99?: number;
}

/** A failure without a successful recovery so far. */
export interface OpenFailure {
  readonly failureId: string;
  readonly failureType: string;
  /** When it was recorded, in epoch milliseconds. */
  readonly since: number;
  /** The number of recoveries that did not succeed. */
  readonly failedRecoveries: number;
}

/**
 * The performance of an agent. Counts are since the start. Rates (0..1), percentiles and the mean
 * recovery time (both in seconds) cover the window, and are absent if nothing has ended in it.
 */
export interface AgentPerformance {
  readonly agentName: string;
  /** The share of tasks that ended in success, after retries. */
  readonly taskSuccessRate?: number;
  /** The share of attempts that succeeded, including attempts that were retried. */
  readonly successRate?: number;
  /** The share of attempts that failed, including attempts that were retried. */
  readonly failureRate?: number;
  /** The mean time from a failure to its recovery, in seconds. */
  readonly averageRecoveryTime?: number;
  readonly latencyP50?: number;
  readonly latencyP95?: number;
  readonly latencyP99?: number;
  readonly completedTasks: number;
  readonly failedTasks: number;
  readonly cancelledTasks: number;
  readonly activeTasks: number;
  readonly recoveredFailures: number;
  readonly failedRecoveries: number;
  readonly resourceConsumption: Readonly<Record<string, number>>;
  readonly byTaskType: Readonly<Record<string, TaskTypePerformance>>;
  readonly openFailures: readonly OpenFailure[];
}
