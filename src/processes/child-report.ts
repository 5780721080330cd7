import { type CollectionResult, DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import * as v from "valibot";
import type { PublishedMetric } from "../otel/forecast-producer.ts";
import { isWorkerReport, type WorkerReport } from "./worker-report.ts";

const numbers = v.array(v.pipe(v.number(), v.finite()));

/** A histogram as the SDK gives it out. */
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
  /** What the member calls the agent that it is. */
  self: v.pipe(v.string(), v.nonEmpty()),
  /** What the instruments of the application measure, where the member does the same work as others: in a cluster. */
  worker: v.optional(v.custom<WorkerReport>(isWorkerReport, "what a worker measures")),
  series: v.array(
    v.object({
      metric: v.object({
        name: v.pipe(v.string(), v.nonEmpty()),
        unit: v.string(),
        description: v.string(),
        scope: v.string(),
        type: v.picklist(["gauge", "counter", "up-down-counter", "histogram"]),
      }),
      labels: v.intersect([v.record(v.string(), v.string()), v.object({ agent: v.string() })]),
      value: v.union([v.number(), histogram]),
    }),
  ),
});

/** What a worker thread or a child process shows of its agents: plain data that survives every way of sending it. */
export type ChildReport = v.InferOutput<typeof reportSchema>;

/** Checks what came in; undefined when it is no report. */
export function readReport(given: unknown): ChildReport | undefined {
  const read = v.safeParse(reportSchema, given);
  return read.success ? read.output : undefined;
}

/** Series of agents among what producers give out; what has no agent is the machine's, or the process's alone. */
export function reportOf(self: string, collected: readonly CollectionResult[]): ChildReport {
  const series: ChildReport["series"] = [];
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
