import { setImmediate as nextTurn } from "node:timers/promises";
import type { HrTime } from "@opentelemetry/api";
import { millisToHrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import type {
  CollectionResult,
  DataPoint,
  Histogram,
  MetricCollectOptions,
  MetricData,
  MetricProducer,
} from "@opentelemetry/sdk-metrics";
import { type Exemplar, withExemplar } from "../core/exemplar.ts";
import { groupBy } from "../core/group-by.ts";
import type { Labels } from "../core/series-key.ts";
import { type Steps, type YieldingClock, YieldingRunner } from "../core/yielding-runner.ts";
import { LatePoints, type Period, type ReadablePoints } from "./late-points.ts";
import { metricData, type PublishedMetric } from "./published-metric.ts";
import { PublishedRows, type ReadRows } from "./published-rows.ts";
import { FORECAST_SCOPE } from "./scopes.ts";

const CLOCK: YieldingClock = { elapsedMillis: () => performance.now(), pause: () => nextTurn() };

type Point = DataPoint<number | Histogram>;

/** A metric and its series. */
interface Family {
  readonly metric: PublishedMetric;
  /** The series that have a value. */
  readonly shown: Set<PublishedSeries>;
  /** Whether one of them was removed. */
  hasLost: boolean;
  /** Rows that have numbers of the metric in one of their columns. */
  readonly columns: { readonly rows: PublishedRows; readonly column: number }[];
}

/** A family as it was at one moment. */
interface ReadFamily {
  readonly metric: PublishedMetric;
  readonly points: Point[];
  readonly columns: readonly { readonly rows: ReadRows; readonly column: number }[];
}

/** What is published: a number, a histogram, or what gives a histogram when it is read. */
export type Publishable = number | Histogram | { toHistogram(): Histogram };

/**
 * One published series. Its user obtains it once and then puts each new value, so publishing needs
 * no look-up. Its point is made when it is read.
 */
export class PublishedSeries {
  readonly #family: Pick<Family, "shown" | "hasLost">;
  readonly #attributes: Labels;
  readonly #period: Period;
  /** Since when it counts. */
  readonly #start: HrTime;
  #value: Publishable | undefined;
  #exemplar: Exemplar | undefined;

  /**
   * @param family its `shown` contains the series while it has a value.
   * @param period that of the last collection.
   * @param start since when it counts.
   */
  constructor(
    family: Pick<Family, "shown" | "hasLost">,
    attributes: Labels,
    period: Period,
    start: HrTime = period.start,
  ) {
    this.#family = family;
    this.#attributes = attributes;
    this.#period = period;
    this.#start = start;
  }

  get point(): Point | undefined {
    if (this.#value === undefined) return undefined;
    const value = readNow(this.#value);
    return withExemplar(
      { attributes: this.#attributes, startTime: this.#start, endTime: this.#period.end, value },
      this.#exemplar,
    );
  }

  /** Publishes a value from now on. `exemplar`: of a counter; a histogram has its own. */
  put(value: Publishable, exemplar?: Exemplar): void {
    if (this.#value === undefined) this.#family.shown.add(this);
    this.#value = value;
    this.#exemplar = exemplar;
  }

  /** Publishes nothing until the next `put`. */
  remove(): void {
    if (this.#value === undefined) return;
    this.#value = undefined;
    this.#family.shown.delete(this);
    this.#family.hasLost = true;
  }
}

function readNow(value: Publishable): number | Histogram {
  return typeof value === "object" && "toHistogram" in value ? value.toHistogram() : value;
}

/** How our producers are read. */
export interface ProducerCollectOptions extends MetricCollectOptions {
  /** The reader knows labels by their owner: they are made only if it reads them. See `LateLabelled`. */
  readonly hasLateLabels?: boolean;
}

/**
 * The OpenTelemetry metric producer of measured and predicted series. It holds one point per
 * series, which is put when it is computed and removed when its source has expired. A scrape only
 * reads.
 */
export class ForecastProducer implements MetricProducer {
  readonly #families = new Map<string, Family>();
  /** By the metrics of their columns. */
  readonly #rows = new Map<string, PublishedRows>();
  readonly #now: () => number;
  readonly #beforeCollect: () => Steps<void>;
  readonly #period: { readonly start: HrTime; end: HrTime };

  /**
   * @param now returns epoch milliseconds.
   * @param beforeCollect puts numbers of rows that are put only when they are read.
   */
  constructor(now: () => number, beforeCollect: () => Steps<void> = nothing) {
    this.#now = now;
    this.#beforeCollect = beforeCollect;
    const start = millisToHrTime(now());
    this.#period = { start, end: start };
  }

  /**
   * A new series of a metric, which is published while it has a value. Metrics with the same scope,
   * name, unit and type are one metric.
   */
  series(metric: PublishedMetric, labels: Labels): PublishedSeries {
    const family = this.#familyOf(metric);
    return new PublishedSeries(family, labels, this.#period, this.#startOf(family));
  }

  /** The rows that have a column for each of these metrics: the same ones for the same metrics. */
  rows(metrics: readonly PublishedMetric[]): PublishedRows {
    const key = metrics.map(familyKey).join("\u0001");
    let rows = this.#rows.get(key);
    if (rows === undefined) {
      rows = new PublishedRows(metrics.length);
      this.#rows.set(key, rows);
      for (const [column, metric] of metrics.entries()) this.#familyOf(metric).columns.push({ rows, column });
    }
    return rows;
  }

  /**
   * All current values with the current time, as the SDK does it: an idle series is still present,
   * and two values of one series never have the same time.
   */
  async collect({ hasLateLabels = false }: ProducerCollectOptions = {}): Promise<CollectionResult> {
    this.#period.end = millisToHrTime(this.#now());
    const period = { ...this.#period };
    // What is measured is shown as it is now, however long the forecasts take.
    const points = this.#readPoints();
    const slices = new YieldingRunner(CLOCK);
    await slices.run(this.#beforeCollect());
    const read = this.#readWith(points);
    const metrics: { readonly scope: string; readonly data: MetricData }[] = [];
    for (const family of read) {
      const { metric } = family;
      const all = await slices.run(hasLateLabels ? latePoints(family, period) : allPoints(family, period));
      if (all.length > 0)
        metrics.push({ scope: metric.scope ?? FORECAST_SCOPE, data: metricData(metric, all) });
    }
    const byScope = groupBy(metrics, ({ scope }) => scope);
    const scopeMetrics = Array.from(byScope, ([name, ofScope]) => ({
      scope: { name },
      metrics: ofScope.map(({ data }) => data),
    }));
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
  }

  /**
   * A new total may be one that was removed, and counts from 0 again. So it began when it was not there, at
   * the last collection, and not with the process.
   */
  #startOf({ metric, hasLost }: Family): HrTime {
    const { start, end } = this.#period;
    return hasLost && metric.type !== "gauge" ? end : start;
  }

  #familyOf(metric: PublishedMetric): Family {
    const key = familyKey(metric);
    let family = this.#families.get(key);
    if (family === undefined) {
      family = { metric, shown: new Set(), hasLost: false, columns: [] };
      this.#families.set(key, family);
    }
    return family;
  }

  /** The points of all series that are published one by one. */
  #readPoints(): Map<Family, Point[]> {
    const read = new Map<Family, Point[]>();
    for (const family of this.#families.values()) {
      const points: Point[] = [];
      for (const { point } of family.shown) if (point !== undefined) points.push(point);
      read.set(family, points);
    }
    return read;
  }

  /** All families: these points, and the rows as they are now. */
  #readWith(points: ReadonlyMap<Family, Point[]>): ReadFamily[] {
    const known = new Map<PublishedRows, ReadRows>();
    const readOnce = (rows: PublishedRows): ReadRows => {
      const read = known.get(rows) ?? rows.read();
      known.set(rows, read);
      return read;
    };
    return Array.from(this.#families.values(), (family) => ({
      metric: family.metric,
      points: points.get(family) ?? [],
      columns: family.columns.map(({ rows, column }) => ({ rows: readOnce(rows), column })),
    }));
  }
}

function* nothing(): Steps<void> {}

function* allPoints({ points, columns }: ReadFamily, period: Period): Steps<Point[]> {
  for (const { rows, column } of columns) yield* rows.addPoints(points, column, period);
  return points;
}

function* latePoints({ points, columns }: ReadFamily, period: Period): Steps<ReadablePoints<Point["value"]>> {
  if (columns.length === 0) return points;
  const parts: ReadablePoints<Point["value"]>[] = [points];
  for (const { rows, column } of columns) parts.push(yield* rows.latePoints(column, period));
  return new LatePoints(parts);
}

function familyKey({ name, unit, type, scope = FORECAST_SCOPE }: PublishedMetric): string {
  return `${scope}\u0000${name}\u0000${unit}\u0000${type}`;
}
