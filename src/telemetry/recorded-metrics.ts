import type { Gauge, Meter } from "@opentelemetry/api";
import type { MeasuredLevel } from "../core/measured-metric.ts";
import { shortName } from "../core/short-name.ts";
import { textOf } from "../core/text-of.ts";
import { RECORDED_SCOPE } from "./scopes.ts";
import type { SkipLog } from "./skip-log.ts";

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

interface Field {
  readonly name: string;
  readonly unit: string;
  readonly highest: number;
}

const field = (name: string, unit = "", highest = Number.POSITIVE_INFINITY): Field => ({
  name,
  unit,
  highest,
});

const systemFields: Readonly<Record<keyof SystemMetrics, Field>> = {
  cpuUsage: field("cpu.usage_percent", "%", 100),
  memoryUsage: field("memory.usage_percent", "%", 100),
  diskUsage: field("disk.usage_percent", "%", 100),
  networkIo: field("network.io_bytes_per_second"),
  latencyP50: field("latency.p50", "s"),
  latencyP95: field("latency.p95", "s"),
  latencyP99: field("latency.p99", "s"),
  errorRate: field("error_rate", "", 1),
  requestRate: field("request_rate"),
  throughput: field("throughput"),
};

const agentFields: Readonly<Record<Exclude<keyof AgentMetrics, "agentName" | "resourceConsumption">, Field>> =
  {
    cpuUsage: field("cpu.usage_percent", "%", 100),
    memoryUsage: field("memory.usage_percent", "%", 100),
    successRate: field("success_rate", "", 1),
    failureRate: field("failure_rate", "", 1),
    latencyP50: field("latency.p50", "s"),
    latencyP95: field("latency.p95", "s"),
    latencyP99: field("latency.p99", "s"),
    taskSuccessRate: field("task_success_rate", "", 1),
    failureRecoveryTime: field("failure_recovery_time", "s"),
    activeTasks: field("active_tasks"),
    completedTasks: field("completed_tasks"),
    failedTasks: field("failed_tasks"),
  };

/** Names and units of everything that can be recorded by hand; what is measured here bears the same names. */
export function recordedInstruments(namespace: string): { readonly name: string; readonly unit: string }[] {
  const named = (prefix: string, fields: Readonly<Record<string, Field>>) =>
    Object.values(fields).map(({ name, unit }) => ({ name: `${prefix}.${name}`, unit }));
  const others = { resourceConsumption: field("resource_consumption"), openFailures: field("open_failures") };
  return [...named("system", systemFields), ...named(namespace, { ...agentFields, ...others })];
}

/** One number that was recorded by hand, with the OpenTelemetry name of the metric that it is. */
export interface RecordedNumber {
  readonly name: string;
  readonly unit: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Records numbers that were measured elsewhere, under the names of the metrics that they are. A number that cannot be
 * (not finite, negative, above its range) is dropped and counted; the others of the record are taken.
 */
export class RecordedMetrics {
  readonly #meter: Meter;
  readonly #namespace: string;
  readonly #skips: SkipLog;
  readonly #gauges = new Map<string, Gauge>();

  constructor(options: { meter: Meter; namespace: string; skips: SkipLog }) {
    this.#meter = options.meter;
    this.#namespace = options.namespace;
    this.#skips = options.skips;
  }

  recordSystem(metrics: SystemMetrics): RecordedNumber[] {
    return this.#record("system", systemFields, metrics, {});
  }

  /** The agent's name has been checked by the caller. */
  recordAgent(metrics: AgentMetrics): RecordedNumber[] {
    const labels = { agent: metrics.agentName };
    const recorded = this.#record(this.#namespace, agentFields, metrics, labels);
    for (const [resource, value] of byResource(metrics)) {
      recorded.push(
        ...this.#set(this.#namespace, field("resource_consumption"), value, { ...labels, resource }),
      );
    }
    return recorded;
  }

  /** What was consumed by resource, without what cannot be a consumption. */
  consumption(metrics: AgentMetrics): Readonly<Record<string, number>> {
    return Object.fromEntries(
      byResource(metrics).filter(([, value]) => wrongFor(field("resource_consumption"), value) === undefined),
    );
  }

  #record(
    prefix: string,
    fields: Readonly<Record<string, Field>>,
    given: object,
    labels: Readonly<Record<string, string>>,
  ): RecordedNumber[] {
    return Object.entries(fields).flatMap(([key, which]) => {
      const value: unknown = (given as Record<string, unknown>)[key];
      return value === undefined ? [] : this.#set(prefix, which, value, labels);
    });
  }

  #set(
    prefix: string,
    which: Field,
    value: unknown,
    labels: Readonly<Record<string, string>>,
  ): RecordedNumber[] {
    const name = `${prefix}.${which.name}`;
    const wrong = wrongFor(which, value);
    if (wrong !== undefined) {
      this.#skips.skip(
        wrong,
        `${name} was given as ${typeof value === "object" ? typeof value : textOf(value, 60)}`,
      );
      return [];
    }
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      gauge = this.#meter.createGauge(name, which.unit === "" ? {} : { unit: which.unit });
      this.#gauges.set(name, gauge);
    }
    gauge.record(value as number, labels);
    return [{ name, unit: which.unit, labels, value: value as number }];
  }
}

function byResource({ resourceConsumption: given }: AgentMetrics): [resource: string, value: number][] {
  if (given === undefined) return [];
  if (typeof given !== "object" || given === null) return [["total", given]];
  return Object.entries(given).map(([resource, value]) => [shortName(resource), value]);
}

function wrongFor(which: Field, value: unknown): "not_finite" | "negative" | "out_of_range" | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return "not_finite";
  if (value < 0) return "negative";
  return value > which.highest ? "out_of_range" : undefined;
}

/** What was recorded, as the levels that the next collection will find. */
export function recordedLevels(recorded: readonly RecordedNumber[]): MeasuredLevel[] {
  return recorded.map(({ name, unit, labels, value }) => ({
    kind: "level",
    scope: RECORDED_SCOPE,
    name,
    unit,
    description: "",
    points: [{ labels, value }],
  }));
}
