import { type CollectionResult, DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import * as v from "valibot";
import { mapping } from "../core/mapping.ts";
import type { PublishedMetric } from "../otel/published-metric.ts";
import { isWorkerMetrics, type WorkerMetrics } from "./worker-metrics.ts";

const numbers = v.array(v.pipe(v.number(), v.finite()));

/** A histogram as the SDK collects it. */
const histogram = v.pipe(
  v.object({
    buckets: v.object({ boundaries: numbers, counts: numbers }),
    sum: v.optional(v.number()),
    count: v.number(),
    min: v.optional(v.number()),
    max: v.optional(v.number()),
  }),
  v.check(
    ({ buckets }) => buckets.counts.length === buckets.boundaries.length + 1,
    "a count for each bucket",
  ),
);

const reportSchema = v.object({
  /** The name of the agent that the member itself is. */
  self: v.pipe(v.string(), v.nonEmpty()),
  /** The metrics of the application's instruments, if the member is a worker of a cluster. */
  worker: v.optional(v.custom<WorkerMetrics>(isWorkerMetrics, "metrics of a worker")),
  /** What the member and its own members used today, by `readUsedToday`. */
  used: v.optional(v.object({ id: v.pipe(v.string(), v.nonEmpty()), today: v.unknown() })),
  series: v.array(
    v.object({
      metric: v.object({
        name: v.pipe(v.string(), v.nonEmpty()),
        unit: v.string(),
        description: v.string(),
        scope: v.string(),
        type: v.picklist(["gauge", "counter", "up-down-counter", "histogram"]),
      }),
      labels: v.pipe(mapping(v.string(), v.string()), v.guard(haveAgent)),
      value: v.union([v.number(), histogram]),
    }),
  ),
});

function haveAgent(
  labels: Readonly<Record<string, string>>,
): labels is Record<string, string> & { agent: string } {
  return Object.hasOwn(labels, "agent");
}

/**
 * The series of the agents of a member: a thread, a child process or a worker. Plain data, which
 * can be sent as JSON and as a message to a thread.
 */
export type Report = v.InferOutput<typeof reportSchema>;

/** Checks a value that was received; `undefined` if it is no report. */
export function readReport(given: unknown): Report | undefined {
  const read = v.safeParse(reportSchema, given);
  return read.success ? read.output : undefined;
}

/**
 * Reports the series that have the label `agent`. Others are of the machine, or of this process
 * alone.
 */
export function reportOf(self: string, collected: readonly CollectionResult[]): Report {
  const series: Report["series"] = [];
  for (const { scopeMetrics } of collected.map(({ resourceMetrics }) => resourceMetrics)) {
    for (const { scope, metrics } of scopeMetrics) {
      for (const data of metrics) {
        const { name, unit, description } = data.descriptor;
        const metric = { name, unit, description, scope: scope.name, type: typeOf(data) };
        for (const { attributes, value } of data.dataPoints) {
          if (typeof attributes.agent !== "string") continue;
          const labels = attributes as { agent: string };
          series.push({ metric, labels, value: value as number | MemberHistogram });
        }
      }
    }
  }
  return { self, series };
}

type MemberHistogram = v.InferOutput<typeof histogram>;

function typeOf(data: MetricData): Exclude<PublishedMetric["type"], undefined> {
  if (data.dataPointType === DataPointType.HISTOGRAM) return "histogram";
  if (data.dataPointType !== DataPointType.SUM) return "gauge";
  return data.isMonotonic ? "counter" : "up-down-counter";
}
