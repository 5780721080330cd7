import { agentMetrics } from "./agent-metrics.ts";
import type { OwnMetric } from "./own-metric.ts";
import { SYSTEM_METRICS } from "./system-metrics.ts";

/**
 * The state of the system, measured by the application. Percentages are 0..100, rates of errors
 * 0..1, latencies in seconds.
 */
export interface SystemMetrics {
  readonly cpuUsage?: number;
  readonly memoryUsage?: number;
  readonly diskUsage?: number;
  /** Bytes per second, received and sent. */
  readonly networkIo?: number;
  readonly latencyP50?: number;
  readonly latencyP95?: number;
  readonly latencyP99?: number;
  readonly errorRate?: number;
  /** Requests per second. */
  readonly requestRate?: number;
  /** Successful requests per second. */
  readonly throughput?: number;
}

/**
 * The state of an agent, measured by the application. Percentages are 0..100, rates 0..1, latencies
 * and times in seconds.
 */
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
  /** The consumption of the agent: a total, or a number for each resource. */
  readonly resourceConsumption?: number | Readonly<Record<string, number>>;
  /** The number of tasks that have started and not ended. */
  readonly activeTasks?: number;
  /** The number of tasks since the start that ended in success. */
  readonly completedTasks?: number;
  /** The number of tasks since the start that ended in failure. */
  readonly failedTasks?: number;
}

/** A field of a record: its metric, and its highest possible value. */
export interface RecordedField {
  readonly metric: OwnMetric;
  readonly highest: number;
}

/** The name of a field of `SystemMetrics`. */
export type SystemField = keyof SystemMetrics;
/** The name of a field of `AgentMetrics` that is a measurement. */
export type AgentField = Exclude<keyof AgentMetrics, "agentName">;

/** Percentages and rates have a highest value. */
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

/** The fields of `SystemMetrics` by name. */
export const SYSTEM_FIELDS: Readonly<Record<SystemField, RecordedField>> = fieldsOf(
  Object.keys(SYSTEM_METRICS) as SystemField[],
  SYSTEM_METRICS,
);

/** The fields of `AgentMetrics` by name, without `agentName`. */
export function agentFields(namespace: string): Readonly<Record<AgentField, RecordedField>> {
  return fieldsOf(AGENT_FIELDS, agentMetrics(namespace));
}

/** All levels: those that an application can record, measured or not, and those that only we measure. */
export function levelMetrics(namespace: string): OwnMetric[] {
  const fields = [...Object.values(SYSTEM_FIELDS), ...Object.values(agentFields(namespace))];
  const { openFailures, heapUsage } = agentMetrics(namespace);
  return [...fields.map(({ metric }) => metric), openFailures, heapUsage];
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
