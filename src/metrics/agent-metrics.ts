import { counter, gauge, histogram, type OwnMetric, percentiles } from "./own-metric.ts";

/** The metrics of agents, with names after the namespace. All also have the label `agent`. */
const METRICS = {
  cpuUsage: gauge("cpu.usage_percent", { unit: "%", description: "CPU that the agent uses" }),
  memoryUsage: gauge("memory.usage_percent", { unit: "%", description: "Memory that the agent uses" }),
  heapUsage: gauge("heap.usage_percent", {
    unit: "%",
    description: "Heap in use after garbage collection, of the limit of the process or thread",
  }),
  eventLoopDelay: gauge("event_loop.delay.p99", {
    unit: "s",
    description: "99th percentile of the delay of the event loop",
  }),
  successRate: gauge("success_rate", { description: "Share of attempts that succeeded" }),
  failureRate: gauge("failure_rate", { description: "Share of attempts that failed" }),
  taskSuccessRate: gauge("task_success_rate", {
    description: "Share of tasks that ended in success, after retries",
  }),
  ...percentiles("latency", "of an agent's tasks"),
  taskDuration: histogram("task.duration", {
    unit: "s",
    labels: ["task_type", "error_type"],
    description: "Duration of an agent's ended tasks",
  }),
  activeTasks: gauge("active_tasks", { description: "Tasks that have started and not ended" }),
  completedTasks: counter("completed_tasks", { description: "Tasks that ended in success" }),
  failedTasks: counter("failed_tasks", { description: "Tasks that ended in failure" }),
  completedTaskRate: gauge("completed_tasks_per_second", {
    description: "Tasks per second that ended in success",
  }),
  failedTaskRate: gauge("failed_tasks_per_second", {
    description: "Tasks per second that ended in failure",
  }),
  cancelledTasks: counter("cancelled_tasks", {
    description: "Tasks that were given up before they ended",
  }),
  lostTasks: counter("lost_tasks", { description: "Tasks whose end was never recorded" }),
  succeededAttempts: counter("succeeded_attempts", {
    labels: ["task_type"],
    description: "Attempts that succeeded and did not end a task, such as calls of tools and models",
  }),
  retriedAttempts: counter("retried_attempts", {
    labels: ["task_type", "error_type"],
    description: "Failed attempts that were retried",
  }),
  failures: counter("failures", {
    labels: ["failure_type"],
    description: "Recorded failures",
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
  runModelCalls: gauge("run.model_calls.p95", {
    description: "95th percentile of the model calls of a run",
  }),
  runToolCalls: gauge("run.tool_calls.p95", {
    description: "95th percentile of the tool calls of a run",
  }),
  firstToken: histogram("first_token.duration", {
    unit: "s",
    labels: ["model"],
    description: "Time from a model call to the first part of its streamed answer",
  }),
  firstTokenP95: gauge("first_token.p95", {
    unit: "s",
    description: "95th percentile of the time to the first part of a streamed answer",
  }),
  repeatedToolCalls: counter("repeated_tool_calls", {
    labels: ["tool"],
    description: "Tool calls with the same arguments as at least two calls before in the same run",
  }),
  repeatedToolCallRate: gauge("repeated_tool_calls_per_second", {
    description: "Repeated tool calls per second",
  }),
  resourceConsumption: gauge("resource_consumption", {
    labels: ["resource"],
    description: "Resources that the agent has consumed, as recorded",
  }),
  tokens: counter("tokens", {
    labels: ["token_type"],
    description: "Tokens used by the agent's model calls",
  }),
  modelTokens: counter("model.tokens", {
    labels: ["model", "token_type"],
    description: "Tokens used by the agent's model calls, by model",
  }),
  tokenRate: gauge("tokens_per_second", { description: "Tokens used per second" }),
  tokensToday: gauge("tokens_today", { description: "Tokens used since midnight" }),
  cost: counter("cost", {
    description: "Cost of the tokens, in the currency of the price table",
  }),
  modelCost: counter("model.cost", {
    labels: ["model"],
    description: "Cost of the tokens by model, in the currency of the price table",
  }),
  costRate: gauge("cost_per_second", { description: "Cost per second" }),
  costToday: gauge("cost_today", { description: "Cost since midnight" }),
} as const;

/** The key of a metric of agents, such as `taskDuration`. */
export type AgentMetricKey = keyof typeof METRICS;

/**
 * The delays of the event loop. Their percentile is published (`eventLoopDelay`), the histogram is
 * not.
 */
export function eventLoopDelays(namespace: string): OwnMetric {
  const description = "Delay of the event loop";
  return histogram(`${namespace}.event_loop.delay`, { unit: "s", labels: ["agent"], description });
}

/** The calls of runs. Their percentiles are published (`runModelCalls`), the histograms are not. */
export function runCalls(namespace: string): Readonly<Record<"modelCalls" | "toolCalls", OwnMetric>> {
  const ofRun = (what: string): OwnMetric =>
    histogram(`${namespace}.run.${what}_calls`, {
      labels: ["agent"],
      description: `The ${what} calls of a run`,
    });
  return { modelCalls: ofRun("model"), toolCalls: ofRun("tool") };
}

/** The estimates of scalability. Each has a gauge, and one for each bound of its interval. */
const SCALABILITY = {
  contention: "Share of an agent's work that has to wait for other work",
  coherence: "Cost of keeping each pair of an agent's tasks consistent",
  peakConcurrency: "Concurrent tasks beyond which an agent's throughput falls",
} as const;

/** The key of an estimate of scalability. */
export type ScalabilityKey = keyof typeof SCALABILITY;

/** The metrics of agents in a namespace, such as `ai_cloud`, by key. */
export function agentMetrics(namespace: string): Readonly<Record<AgentMetricKey, OwnMetric>> {
  const named = Object.entries(METRICS).map(([key, metric]: [string, OwnMetric]) => [
    key,
    { ...metric, name: `${namespace}.${metric.name}`, labels: ["agent", ...metric.labels] },
  ]);
  return Object.fromEntries(named);
}

/** The gauges of one estimate of scalability: its `value`, and the bounds of its interval. */
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
