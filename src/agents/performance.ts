/** How one kind of an agent's tasks went. Counts are since the start; percentiles are of the window, in seconds. */
export interface TaskTypePerformance {
  readonly completedTasks: number;
  readonly failedTasks: number;
  readonly cancelledTasks: number;
  /** Share of ended tasks that succeeded within the window, 0..1. */
  readonly taskSuccessRate?: number;
  readonly latencyP50?: number;
  readonly latencyP95?: number;
  readonly latencyP99?: number;
}

/** A failure that nothing has recovered from yet. */
export interface OpenFailure {
  readonly failureId: string;
  readonly failureType: string;
  /** When it was recorded, in epoch milliseconds. */
  readonly since: number;
  /** Attempts to recover from it that did not succeed. */
  readonly failedRecoveries: number;
}

/**
 * How an agent does. Rates (0..1), percentiles and the recovery time (seconds) cover the window and are absent where
 * nothing ended in it; counts are since the start.
 */
export interface AgentPerformance {
  readonly agentName: string;
  /** Of tasks as they ended, after retries. */
  readonly taskSuccessRate?: number;
  /** Of every attempt, retried ones among them. */
  readonly successRate?: number;
  readonly failureRate?: number;
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
