import type { DataPoint, MetricData, ResourceMetrics, ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { Labels, SeriesKey } from "../core/series-key.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import { labelPairs } from "./label-texts.ts";
import { nameOf } from "./metric-families.ts";
import type { Naming } from "./names/naming.ts";

/** Whether a series is asked for, by the name of its metric and its labels as they are shown. */
export type SeriesTest = (key: SeriesKey) => boolean;

/** A point by the labels that it is shown with, which are made when they are read. */
class ShownKey implements SeriesKey {
  readonly metric: string;
  readonly #point: DataPoint<unknown>;
  readonly #naming: Naming;
  #labels: Labels | undefined;

  constructor(metric: string, point: DataPoint<unknown>, naming: Naming) {
    this.metric = metric;
    this.#point = point;
    this.#naming = naming;
  }

  get labels(): Labels {
    this.#labels ??= Object.fromEntries(labelPairs(this.#point.attributes, this.#naming.label));
    return this.#labels;
  }
}

/**
 * The points that a test selects. A histogram is selected by the name of its metric. May pause at each
 * `yield`.
 */
export function* selectedPoints(
  resourceMetrics: readonly ResourceMetrics[],
  selects: SeriesTest,
  naming: Naming,
): Steps<ResourceMetrics[]> {
  const pace = new Pace();
  const selected: ResourceMetrics[] = [];
  for (const { resource, scopeMetrics } of resourceMetrics) {
    const scopes: ScopeMetrics[] = [];
    for (const { scope, metrics } of scopeMetrics) {
      const ofScope: MetricData[] = [];
      for (const metric of metrics) ofScope.push(yield* selectedOf(metric, selects, naming, pace));
      scopes.push({ scope, metrics: ofScope });
    }
    selected.push({ resource, scopeMetrics: scopes });
  }
  return selected;
}

function* selectedOf(metric: MetricData, selects: SeriesTest, naming: Naming, pace: Pace): Steps<MetricData> {
  const name = nameOf(metric, naming);
  const points = metric.dataPoints as DataPoint<unknown>[];
  const dataPoints: DataPoint<unknown>[] = [];
  for (let index = 0; index < points.length; index += 1) {
    const point = points.at(index) as DataPoint<unknown>;
    if (selects(new ShownKey(name, point, naming))) dataPoints.push(point);
    if (pace.isDue()) yield;
  }
  return { ...metric, dataPoints } as MetricData;
}
