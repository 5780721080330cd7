import type { DataPoint, MetricData, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { SeriesKey } from "../core/series-key.ts";
import { labelPairs } from "./label-texts.ts";
import { nameOf } from "./metric-families.ts";
import type { Naming } from "./names/naming.ts";

/** Whether a series is asked for, by the name of its metric and its labels as they are shown. */
export type SeriesTest = (key: SeriesKey) => boolean;

/** The points that a test selects. A histogram is selected by the name of its metric. */
export function selectedPoints(
  resourceMetrics: readonly ResourceMetrics[],
  selects: SeriesTest,
  naming: Naming,
): ResourceMetrics[] {
  return resourceMetrics.map(({ resource, scopeMetrics }) => ({
    resource,
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map((metric) => selectedOf(metric, selects, naming)),
    })),
  }));
}

function selectedOf(metric: MetricData, selects: SeriesTest, naming: Naming): MetricData {
  const name = nameOf(metric, naming);
  const dataPoints = (metric.dataPoints as DataPoint<unknown>[]).filter(({ attributes }) =>
    selects({ metric: name, labels: Object.fromEntries(labelPairs(attributes, naming.label)) }),
  );
  return { ...metric, dataPoints } as MetricData;
}
