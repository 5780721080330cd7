import type { Histogram } from "@opentelemetry/sdk-metrics";
import type { IncrementPoint, MeasuredMetric, MeasuredPoint } from "../core/measured-metric.ts";
import type { HistogramPoint } from "../core/metric-point.ts";
import { type Labels, seriesId } from "../core/series-key.ts";
import { type Overflow, SeriesOverflow } from "../core/series-overflow.ts";
import { OCTAVE_BOUNDARIES, OctaveHistogram } from "../statistics/octave-histogram.ts";
import type { ForecastProducer, PublishedMetric, PublishedSeries } from "./forecast-producer.ts";
import {
  FORECAST_SCOPE,
  PROCESS_SCOPE,
  RECORDED_SCOPE,
  RUNTIME_SCOPE,
  TASK_SCOPE,
  TODAY_SCOPE,
} from "./scopes.ts";

const VIEWED_SCOPES = [PROCESS_SCOPE, RECORDED_SCOPE, TASK_SCOPE, TODAY_SCOPE];

type AnyPoint = MeasuredPoint<number | HistogramPoint> & Pick<IncrementPoint, "before">;

interface Entry {
  readonly published: PublishedSeries;
  readonly labels: Labels;
  lastHeardAt: number;
  sum: number;
  histogram: OctaveHistogram | undefined;
  explicit: { counts: number[]; boundaries: readonly number[]; count: number; sum: number } | undefined;
}

/**
 * Adds up the deltas of our own instruments to cumulative series, and passes these to the producer.
 * A series can leave when its source has expired; the SDK would export it until the process ends.
 */
export class CumulativeSeries {
  readonly #entries = new Map<string, Entry>();
  readonly #producer: ForecastProducer;
  readonly #maxEntries: number;
  readonly #dropped = new SeriesOverflow();

  constructor(producer: ForecastProducer, maxEntries: number) {
    this.#producer = producer;
    this.#maxEntries = maxEntries;
  }

  /** Adds the deltas since the previous call. The work may pause at each `yield`. */
  *take(metrics: readonly MeasuredMetric[], now: number): Generator<undefined, void, undefined> {
    for (const metric of metrics) {
      if (isPublishedByViews(metric)) continue;
      const published = publishedMetric(metric);
      for (const point of metric.points) {
        this.#takePoint(metric, published, point, now);
        yield;
      }
    }
  }

  /** The points that were dropped since the previous call: there were too many series. */
  takeDropped(): Overflow {
    return this.#dropped.take();
  }

  /** Forgets the entries for which the test holds, and takes their series from the producer. */
  forget(isGone: (labels: Labels, lastHeardAt: number) => boolean): void {
    for (const [id, entry] of this.#entries) {
      if (!isGone(entry.labels, entry.lastHeardAt)) continue;
      this.#entries.delete(id);
      entry.published.remove();
    }
  }

  #takePoint(metric: MeasuredMetric, published: PublishedMetric, point: AnyPoint, now: number): void {
    const entry = this.#entryFor(metric, published, point.labels, now);
    if (entry === undefined) return;
    entry.lastHeardAt = now;
    entry.published.put(accumulate(entry, metric.kind, point));
  }

  #entryFor(
    metric: MeasuredMetric,
    published: PublishedMetric,
    labels: Labels,
    now: number,
  ): Entry | undefined {
    const id = seriesId({ metric: `${metric.scope}\u0000${metric.name}`, labels });
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      if (this.#entries.size >= this.#maxEntries) {
        this.#dropped.add(metric.name, labels);
        return undefined;
      }
      entry = {
        published: this.#producer.series(published, labels),
        labels,
        lastHeardAt: now,
        sum: 0,
        histogram: undefined,
        explicit: undefined,
      };
      this.#entries.set(id, entry);
    }
    return entry;
  }
}

/** Levels of our own instruments are published by the views, and so is all of the runtime. */
export function isPublishedByViews({ kind, scope }: MeasuredMetric): boolean {
  return scope === RUNTIME_SCOPE || (kind === "level" && VIEWED_SCOPES.includes(scope));
}

function publishedMetric(metric: MeasuredMetric): PublishedMetric {
  const type = metric.kind === "increment" ? "counter" : metric.kind === "histogram" ? "histogram" : "gauge";
  const scope = metric.scope.startsWith(FORECAST_SCOPE) ? FORECAST_SCOPE : metric.scope;
  return { name: metric.name, unit: metric.unit, description: metric.description, scope, type };
}

function accumulate(
  entry: Entry,
  kind: MeasuredMetric["kind"],
  { value, before = 0 }: AnyPoint,
): number | Histogram {
  if (typeof value === "number") {
    entry.sum = kind === "increment" ? entry.sum + before + value : value;
    return entry.sum;
  }
  return value.kind === "explicit" ? addExplicit(entry, value) : addExponential(entry, value);
}

function addExponential(entry: Entry, point: HistogramPoint): Histogram {
  entry.histogram ??= new OctaveHistogram();
  entry.histogram.add(point);
  const { counts, count, sum } = entry.histogram;
  return { buckets: { boundaries: [...OCTAVE_BOUNDARIES], counts: [...counts] }, count, sum };
}

function addExplicit(entry: Entry, point: Extract<HistogramPoint, { kind: "explicit" }>): Histogram {
  entry.explicit ??= { counts: point.counts.map(() => 0), boundaries: point.boundaries, count: 0, sum: 0 };
  const total = entry.explicit;
  point.counts.forEach((count, index) => {
    total.counts[index] = (total.counts[index] ?? 0) + count;
  });
  total.count += point.count;
  total.sum += point.sum;
  return {
    buckets: { boundaries: [...total.boundaries], counts: [...total.counts] },
    count: total.count,
    sum: total.sum,
  };
}
