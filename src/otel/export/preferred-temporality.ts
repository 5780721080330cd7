import type { HrTime } from "@opentelemetry/api";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  InstrumentType,
  type MetricCollectOptions,
  type MetricData,
  type MetricProducer,
  type PushMetricExporter,
  type ScopeMetrics,
} from "@opentelemetry/sdk-metrics";

/** The temporality that an exporter wants of an instrument. */
export type SelectTemporality = (type: InstrumentType) => AggregationTemporality;

/**
 * What an exporter prefers: totals (cumulative), unless it specifies something else. An exporter
 * that can't be asked gets totals.
 */
export function temporalityOf(
  exporter: Pick<PushMetricExporter, "selectAggregationTemporality">,
): SelectTemporality {
  return (type) => {
    try {
      return exporter.selectAggregationTemporality?.(type) ?? AggregationTemporality.CUMULATIVE;
    } catch {
      return AggregationTemporality.CUMULATIVE;
    }
  };
}

type Value = number | Histogram;

/** What a series had counted when it was last collected. */
interface Counted {
  readonly value: Value;
  readonly end: HrTime;
}

/**
 * Our producers for one reader. Producers hold totals since the start (cumulative); for a reader
 * whose exporter prefers deltas, the totals become what was counted since its last collection. As in
 * the SDK, a series that has counted nothing since then has no point.
 */
export class PreferredTemporality implements MetricProducer {
  readonly #producers: readonly MetricProducer[];
  readonly #select: SelectTemporality;
  #last: ReadonlyMap<string, Counted> = new Map();
  /** When totals were last collected. */
  #lastAt: HrTime | undefined;

  /** @param producers is read at each collection: it may change. */
  constructor(producers: readonly MetricProducer[], select: SelectTemporality) {
    this.#producers = producers;
    this.#select = select;
  }

  /** Whether it hands on the metrics of this producer. */
  has(producer: MetricProducer): boolean {
    return this.#producers.includes(producer);
  }

  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    const results = await Promise.all(this.#producers.map((producer) => producer.collect(options)));
    const cumulative = results.flatMap(({ resourceMetrics }) => resourceMetrics.scopeMetrics);
    return {
      resourceMetrics: { resource: emptyResource(), scopeMetrics: this.#preferred(cumulative) },
      errors: results.flatMap(({ errors }) => errors),
    };
  }

  #preferred(cumulative: readonly ScopeMetrics[]): ScopeMetrics[] {
    const counted = new Map<string, Counted>();
    const preferred = cumulative.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.flatMap((metric) => {
        const type = instrumentOf(metric);
        if (type === undefined || this.#select(type) !== AggregationTemporality.DELTA) return [metric];
        const mayFall = type === InstrumentType.UP_DOWN_COUNTER;
        const dataPoints = (metric.dataPoints as DataPoint<Value>[]).flatMap((point) =>
          this.#delta(idOf(scope.name, metric, point), point, { counted, mayFall }),
        );
        if (dataPoints.length === 0) return [];
        return [
          { ...metric, aggregationTemporality: AggregationTemporality.DELTA, dataPoints } as MetricData,
        ];
      }),
    }));
    this.#last = counted;
    const [any] = counted.values();
    this.#lastAt = any?.end ?? this.#lastAt;
    return preferred.filter(({ metrics }) => metrics.length > 0);
  }

  #delta(
    id: string,
    point: DataPoint<Value>,
    { counted, mayFall }: { counted: Map<string, Counted>; mayFall: boolean },
  ): DataPoint<Value>[] {
    const end: HrTime = [...point.endTime];
    counted.set(id, { value: point.value, end });
    const last = this.#last.get(id);
    // It may have left, and have come back: then its former points reach up to a later time than the start.
    if (last === undefined) return [{ ...point, startTime: this.#lastAt ?? point.startTime, endTime: end }];
    const value = since(last.value, point.value, mayFall);
    return value === undefined ? [] : [{ ...point, startTime: last.end, endTime: end, value }];
  }
}

/** The kind of instrument that a metric is like; `undefined` for gauges, which have no temporality. */
function instrumentOf(metric: MetricData): InstrumentType | undefined {
  if (metric.dataPointType === DataPointType.HISTOGRAM) return InstrumentType.HISTOGRAM;
  if (metric.dataPointType !== DataPointType.SUM) return undefined;
  return metric.isMonotonic ? InstrumentType.COUNTER : InstrumentType.UP_DOWN_COUNTER;
}

function idOf(
  scope: string,
  { descriptor, dataPointType }: MetricData,
  { attributes }: DataPoint<Value>,
): string {
  const labels = Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([scope, descriptor.name, descriptor.unit, dataPointType, labels]);
}

/**
 * What was counted between two totals; `undefined` if nothing was. A total that is lower than before
 * began again at 0, unless it `mayFall`.
 */
function since(before: Value, now: Value, mayFall: boolean): Value | undefined {
  if (typeof before === "number" || typeof now === "number") {
    const grown = Number(now) - Number(before);
    if (grown === 0) return undefined;
    return grown < 0 && !mayFall ? now : grown;
  }
  if (now.count === before.count) return undefined;
  const counts = now.buckets.counts.map((count, index) => count - (before.buckets.counts[index] ?? 0));
  const isContinued = counts.length === before.buckets.counts.length && counts.every((count) => count >= 0);
  if (!isContinued) return now;
  return {
    buckets: { boundaries: now.buckets.boundaries, counts },
    count: now.count - before.count,
    sum: (now.sum ?? 0) - (before.sum ?? 0),
  };
}
