/** The system's state as somebody else measured it. Percents are 0..100, ratios 0..1, latencies seconds. */
export interface SystemMetrics {
  readonly cpuUsage?: number;
  readonly memoryUsage?: number;
  readonly diskUsage?: number;
  /** Bytes a second, in and out. */
  readonly networkIo?: number;
  readonly latencyP50?: number;
  readonly latencyP95?: number;
  readonly latencyP99?: number;
  readonly errorRate?: number;
  /** Requests a second. */
  readonly requestRate?: number;
  /** Requests a second that succeeded. */
  readonly throughput?: number;
}

/** An agent's state as somebody else measured it. Percents are 0..100, ratios 0..1, latencies and times seconds. */
export interface AgentMetrics {
  readonly agentName: string;
  readonly cpuUsage?: number;
  readonly memoryUsage?: number;
  readonly successRate?: number;
  readonly failureRate?: number;
  readonly latencyP50?: number;
  readonly latencyP95?: number;
  readonly latencyP99?: number;
  readonly taskSuccessRate?: number;
  readonly failureRecoveryTime?: number;
  /** What the agent has used up, by resource; a number alone is its total. */
  readonly resourceConsumption?: number | Readonly<Record<string, number>>;
  readonly activeTasks?: number;
  /** Since the start. */
  readonly completedTasks?: number;
  /** Since the start. */
  readonly failedTasks?: number;
}

export interface RecordedField {
  readonly name: string;
  readonly unit: string;
  readonly highest: number;
}

export const recordedField = (
  name: string,
  unit = "",
  highest = Number.POSITIVE_INFINITY,
): RecordedField => ({
  name,
  unit,
  highest,
});

export const SYSTEM_FIELDS: Readonly<Record<keyof SystemMetrics, RecordedField>> = {
  cpuUsage: recordedField("cpu.usage_percent", "%", 100),
  memoryUsage: recordedField("memory.usage_percent", "%", 100),
  diskUsage: recordedField("disk.usage_percent", "%", 100),
  networkIo: recordedField("network.io_bytes_per_second"),
  latencyP50: recordedField("latency.p50", "s"),
  latencyP95: recordedField("latency.p95", "s"),
  latencyP99: recordedField("latency.p99", "s"),
  errorRate: recordedField("error_rate", "", 1),
  requestRate: recordedField("request_rate"),
  throughput: recordedField("throughput"),
};

export const AGENT_FIELDS: Readonly<
  Record<Exclude<keyof AgentMetrics, "agentName" | "resourceConsumption">, RecordedField>
> = {
  cpuUsage: recordedField("cpu.usage_percent", "%", 100),
  memoryUsage: recordedField("memory.usage_percent", "%", 100),
  successRate: recordedField("success_rate", "", 1),
  failureRate: recordedField("failure_rate", "", 1),
  latencyP50: recordedField("latency.p50", "s"),
  latencyP95: recordedField("latency.p95", "s"),
  latencyP99: recordedField("latency.p99", "s"),
  taskSuccessRate: recordedField("task_success_rate", "", 1),
  failureRecoveryTime: recordedField("failure_recovery_time", "s"),
  activeTasks: recordedField("active_tasks"),
  completedTasks: recordedField("completed_tasks"),
  failedTasks: recordedField("failed_tasks"),
};

/** Names and units of everything that can be recorded by hand; what is measured here bears the same names. */
export function recordedInstruments(namespace: string): { readonly name: string; readonly unit: string }[] {
  const named = (prefix: string, fields: Readonly<Record<string, RecordedField>>) =>
    Object.values(fields).map(({ name, unit }) => ({ name: `${prefix}.${name}`, unit }));
  const others = {
    resourceConsumption: recordedField("resource_consumption"),
    openFailures: recordedField("open_failures"),
  };
  return [...named("system", SYSTEM_FIELDS), ...named(namespace, { ...AGENT_FIELDS, ...others })];
}
