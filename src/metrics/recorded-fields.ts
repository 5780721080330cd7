import { agentMetrics } from "./agent-metrics.ts";
import type { OwnMetric } from "./own-metric.ts";
import { SYSTEM_METRICS } from "./system-metrics.ts";

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

/** A number that can be recorded by hand: the metric that it is, and the highest value that it can have. */
export interface RecordedField {
  readonly metric: OwnMetric;
  readonly highest: number;
}

export type SystemField = keyof SystemMetrics;
export type AgentField = Exclude<keyof AgentMetrics, "agentName">;

/** Percents and ratios have a highest value. */
const HIGHEST: Partial<Record<SystemField | AgentField, number>> = {
  cpuUsage: 100,
  memoryUsage: 100,
  diskUsage: 100,
  errorRate: 1,
  successRate: 1,
  failureRate: 1,
  taskSuccessRate: 1,
};

const AGENT_FIELDS: readonly AgentField[] = [
  "cpuUsage",
  "memoryUsage",
  "successRate",
  "failureRate",
  "latencyP50",
  "latencyP95",
  "latencyP99",
  "taskSuccessRate",
  "failureRecoveryTime",
  "resourceConsumption",
  "activeTasks",
  "completedTasks",
  "failedTasks",
];

/** What can be recorded of the system, by the name of the field. */
export const SYSTEM_FIELDS: Readonly<Record<SystemField, RecordedField>> = fieldsOf(
  Object.keys(SYSTEM_METRICS) as SystemField[],
  SYSTEM_METRICS,
);

/** What can be recorded of an agent, by the name of the field. */
export function agentFields(namespace: string): Readonly<Record<AgentField, RecordedField>> {
  return fieldsOf(AGENT_FIELDS, agentMetrics(namespace));
}

/** Everything that can be recorded by hand; what is measured here has the same names. */
export function recordedMetrics(namespace: string): OwnMetric[] {
  const fields = [...Object.values(SYSTEM_FIELDS), ...Object.values(agentFields(namespace))];
  return [...fields.map(({ metric }) => metric), agentMetrics(namespace).openFailures];
}

function fieldsOf<Name extends SystemField | AgentField>(
  names: readonly Name[],
  metrics: Readonly<Record<Name, OwnMetric>>,
): Record<Name, RecordedField> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      { metric: metrics[name], highest: HIGHEST[name] ?? Number.POSITIVE_INFINITY },
    ]),
  ) as Record<Name, RecordedField>;
}
