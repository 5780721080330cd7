import type { IncrementPoint, MeasuredMetric, MeasuredPoint } from "../core/measured-metric.ts";
import type { HistogramPoint } from "../core/metric-point.ts";
import { RememberedPlaces } from "../core/remembered-places.ts";
import { type Labels, seriesId } from "../core/series-key.ts";
import { type Overflow, SeriesOverflow } from "../core/series-overflow.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import { OctaveHistogram } from "../statistics/octave-histogram.ts";
import { ExplicitTotal } from "./explicit-total.ts";
import type { ForecastProducer, PublishedSeries } from "./forecast-producer.ts";
import type { PublishedMetric } from "./published-metric.ts";
import {
  FORECAST_SCOPE,
  PROCESS_SCOPE,
  RECORDED_SCOPE,
  RUN_SCOPE,
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
  explicit: ExplicitTotal | undefined;
  isForgotten: boolean;
}

/** An instrument, with the entries of the points of its last collection. */
interface Source {
  readonly published: PublishedMetric;
  readonly entries: RememberedPlaces<Labels, Entry>;
}

/**
 * Adds up the deltas of our own instruments to cumulative series, and passes these to the producer.
 * A series can leave when its source has expired; the SDK would export it until the process ends.
 */
export class CumulativeSeries {
  readonly #entries = new Map<string, Entry>();
  readonly #sources = new Map<string, Source>();
  readonly #producer: ForecastProducer;
  readonly #maxEntries: number;
  readonly #dropped = new SeriesOverflow();

  constructor(producer: ForecastProducer, maxEntries: number) {
    this.#producer = producer;
    this.#maxEntries = maxEntries;
  }

  /** Adds the deltas since the previous call. The work may pause at each `yield`. */
  *take(metrics: readonly MeasuredMetric[], now: number): Steps<void> {
    const pace = new Pace();
    for (const metric of metrics) {
      if (isPublishedByViews(metric)) continue;
      const { published, entries } = this.#sourceOf(metric);
      entries.begin();
      for (const point of metric.points) {
        if (pace.isDue()) yield;
        if (isEmpty(point)) continue;
        const known = entries.find(point.labels);
        const entry = known?.isForgotten === false ? known : this.#entryFor(metric, published, point.labels);
        if (entry === undefined) continue;
        entries.keep(point.labels, entry);
        entry.lastHeardAt = now;
        entry.published.put(accumulate(entry, metric.kind, point));
      }
    }
  }

  /** The points that were dropped since the previous call: there were too many series. */
  takeDropped(): Overflow {
    return this.#dropped.take();
  }

  /** Forgets the entries for which the test holds, and takes their series from the producer. */
  *forget(isGone: (labels: Labels, lastHeardAt: number) => boolean): Steps<void> {
    const pace = new Pace();
    for (const [id, entry] of this.#entries) {
      if (pace.isDue()) yield;
      if (!isGone(entry.labels, entry.lastHeardAt)) continue;
      this.#entries.delete(id);
      entry.isForgotten = true;
      entry.published.remove();
    }
  }

  #sourceOf(metric: MeasuredMetric): Source {
    const id = `${metric.scope}\u0000${metric.name}`;
    let source = this.#sources.get(id);
    if (source === undefined) {
      source = { published: publishedMetric(metric), entries: new RememberedPlaces() };
      this.#sources.set(id, source);
    }
    return source;
  }

  #entryFor(metric: MeasuredMetric, published: PublishedMetric, labels: Labels): Entry | undefined {
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
        lastHeardAt: 0,
        sum: 0,
        histogram: undefined,
        explicit: undefined,
        isForgotten: false,
      };
      this.#entries.set(id, entry);
    }
    return entry;
  }
}

/** Levels of our own instruments are published by the views, and so is all of the runtime and of runs. */
export function isPublishedByViews({ kind, scope }: MeasuredMetric): boolean {
  return (
    scope === RUNTIME_SCOPE || scope === RUN_SCOPE || (kind === "level" && VIEWED_SCOPES.includes(scope))
  );
}

function publishedMetric(metric: MeasuredMetric): PublishedMetric {
  const type = metric.kind === "increment" ? "counter" : metric.kind === "histogram" ? "histogram" : "gauge";
  const scope = metric.scope.startsWith(FORECAST_SCOPE) ? FORECAST_SCOPE : metric.scope;
  return { name: metric.name, unit: metric.unit, description: metric.description, scope, type };
}

/** Views count what has not happened yet; a histogram of it would have lines without a value. */
function isEmpty({ value }: AnyPoint): boolean {
  return typeof value === "object" && value.count === 0;
}

/** Adds a point, and returns what is to be published from now on. */
function accumulate(
  entry: Entry,
  kind: MeasuredMetric["kind"],
  { value, before = 0 }: AnyPoint,
): number | OctaveHistogram | ExplicitTotal {
  if (typeof value === "number") {
    entry.sum = kind === "increment" ? entry.sum + before + value : value;
    return entry.sum;
  }
  if (value.kind === "explicit") {
    entry.explicit ??= new ExplicitTotal(value);
    entry.explicit.add(value);
    return entry.explicit;
  }
  entry.histogram ??= new OctaveHistogram();
  entry.histogram.add(value);
  return entry.histogram;
}
