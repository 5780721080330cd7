import { counter, gauge, histogram, type OwnMetric, percentiles } from "./own-metric.ts";

/** Metrics of agents, by names that follow the namespace. All have the label `agent` beside theirs. */
const METRICS = {
  cpuUsage: gauge("cpu.usage_percent", { unit: "%", description: "CPU that the agent uses" }),
  memoryUsage: gauge("memory.usage_percent", { unit: "%", description: "Memory that the agent uses" }),
  successRate: gauge("success_rate", { description: "Share of attempts that succeeded" }),
  failureRate: gauge("failure_rate", { description: "Share of attempts that failed" }),
  taskSuccessRate: gauge("task_success_rate", {
    description: "Share of tasks that ended in success, after retries",
  }),
  ...percentiles("latency", "of an agent's tasks"),
  taskDuration: histogram("task.duration", {
    unit: "s",
    labels: ["task_type", "error_type"],
    description: "Duration of an agent's tasks as they ended",
  }),
  activeTasks: gauge("active_tasks", { description: "Tasks that have begun and not ended" }),
  completedTasks: counter("completed_tasks", { description: "Tasks that ended in success" }),
  failedTasks: counter("failed_tasks", { description: "Tasks that ended in failure" }),
  completedTaskRate: gauge("completed_tasks_per_second", {
    description: "Tasks a second that ended in success",
  }),
  failedTaskRate: gauge("failed_tasks_per_second", {
    description: "Tasks a second that ended in failure",
  }),
  cancelledTasks: counter("cancelled_tasks", {
    description: "Tasks that were given up before they ended",
  }),
  lostTasks: counter("lost_tasks", { description: "Tasks whose end was never seen" }),
  retriedAttempts: counter("retried_attempts", {
    labels: ["task_type", "error_type"],
    description: "Attempts that failed and were tried again",
  }),
  failures: counter("failures", {
    labels: ["failure_type"],
    description: "Failures that were recorded",
  }),
  openFailures: gauge("open_failures", { description: "Failures without a recovery so far" }),
  failureRecoveryTime: gauge("failure_recovery_time", {
    unit: "s",
    description: "Mean time from a failure to its recovery",
  }),
  recoveryDuration: histogram("failure.recovery_duration", {
    unit: "s",
    labels: ["failure_type", "recovery_action"],
    description: "Time from a failure to its recovery",
  }),
  failedRecoveries: counter("failed_recoveries", {
    labels: ["recovery_action"],
    description: "Attempts to recover that did not succeed",
  }),
  resourceConsumption: gauge("resource_consumption", {
    labels: ["resource"],
    description: "What the agent has used up, as it was recorded",
  }),
  tokens: counter("tokens", {
    labels: ["token_type"],
    description: "Tokens that an agent's model calls used",
  }),
  tokenRate: gauge("tokens_per_second", { description: "Tokens used a second" }),
  tokensToday: gauge("tokens_today", { description: "Tokens used since midnight UTC" }),
  cost: counter("cost", {
    description: "What those tokens cost, in the currency of the price table",
  }),
  costRate: gauge("cost_per_second", { description: "Cost a second" }),
  costToday: gauge("cost_today", { description: "Cost since midnight UTC" }),
} as const;

export type AgentMetricKey = keyof typeof METRICS;

/** What is told of how agents scale: a gauge each, and one for either bound of its interval. */
const SCALABILITY = {
  contention: "Share of an agent's work that waits its turn",
  coherence: "What each pair of an agent's tasks costs to be kept in agreement",
  peakConcurrency: "Tasks at once beyond which an agent's throughput falls",
} as const;

export type ScalabilityKey = keyof typeof SCALABILITY;

/** The metrics of agents in a namespace, such as `ai_cloud`. */
export function agentMetrics(namespace: string): Readonly<Record<AgentMetricKey, OwnMetric>> {
  const named = Object.entries(METRICS).map(([key, metric]: [string, OwnMetric]) => [
    key,
    { ...metric, name: `${namespace}.${metric.name}`, labels: ["agent", ...metric.labels] },
  ]);
  return Object.fromEntries(named);
}

/** The gauges of one number of an agent's scalability: `value`, and the bounds of its interval. */
export function scalabilityMetrics(
  namespace: string,
  key: ScalabilityKey,
): Readonly<Record<"value" | "lower" | "upper", OwnMetric>> {
  const name = `${namespace}.scalability.${key === "peakConcurrency" ? "peak_concurrency" : key}`;
  const description = SCALABILITY[key];
  const bound = { labels: ["agent", "level"] };
  return {
    value: gauge(name, { description, labels: ["agent"] }),
    lower: gauge(`${name}_lower`, { description: `${description}, lower bound`, ...bound }),
    upper: gauge(`${name}_upper`, { description: `${description}, upper bound`, ...bound }),
  };
}
