import type { Attributes, HrTime } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type HistogramMetricData,
  type MetricData,
  type MetricDescriptor,
} from "@opentelemetry/sdk-metrics";
import type { ExponentialBuckets } from "../core/metric-point.ts";
import { ExponentialSketch, MAX_EXPONENTIAL_BUCKETS } from "../statistics/exponential-sketch.ts";
import { WaitingValues } from "../statistics/waiting-values.ts";

/** Private parts of the SDK: what one attribute set of an instrument has recorded. */
interface Accumulation {
  startTime: HrTime;
  record(value: number): void;
  setStartTime(startTime: HrTime): void;
  toPointValue(): unknown;
}

/** Private parts of the SDK: how the values of an instrument are aggregated. */
export interface Aggregator {
  readonly kind: DataPointType;
  createAccumulation(startTime: HrTime): Accumulation;
  merge(previous: Accumulation, delta: Accumulation): Accumulation;
  diff(previous: Accumulation, current: Accumulation): Accumulation;
  toMetricData(
    descriptor: MetricDescriptor,
    temporality: AggregationTemporality,
    recorded: [Attributes, Accumulation][],
    endTime: HrTime,
  ): MetricData;
}

/** Where the value of a point has its sketches. A symbol is in no JSON and no message. */
const SKETCHES = Symbol("sketches");

type SketchedValue = Histogram & { [SKETCHES]?: readonly Sketch[] };

/** What was recorded between two collections of any reader. */
class Sketch {
  readonly values = new ExponentialSketch();
  /** Whether our collection has read it. Only that reads sketches, and each once. */
  isTaken = false;
}

/**
 * A histogram with the buckets of the application, and with sketches for percentiles. Values wait to
 * be counted in both.
 */
class SketchedAccumulation implements Accumulation {
  readonly #buckets: Accumulation;
  readonly #sketches: readonly Sketch[];
  readonly #waiting = new WaitingValues();

  constructor(buckets: Accumulation, sketches: readonly Sketch[]) {
    this.#buckets = buckets;
    this.#sketches = sketches;
  }

  get startTime(): HrTime {
    return this.#buckets.startTime;
  }

  get buckets(): Accumulation {
    this.#settle();
    return this.#buckets;
  }

  get sketches(): readonly Sketch[] {
    this.#settle();
    return this.#sketches;
  }

  record(value: number): void {
    if (this.#waiting.add(value)) this.#settle();
  }

  setStartTime(startTime: HrTime): void {
    this.#buckets.setStartTime(startTime);
  }

  toPointValue(): unknown {
    return this.buckets.toPointValue();
  }

  /** The SDK records into new accumulations only, which have one sketch. */
  #settle(): void {
    const sketch = this.#sketches[0]?.values;
    const values = this.#waiting.take();
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] as number;
      this.#buckets.record(value);
      if (Number.isFinite(value)) sketch?.record(value);
    }
  }
}

/**
 * Aggregates a histogram for all readers at once: for those that export it, with the buckets of the
 * application; for our collection, with sketches. So its attributes are hashed once for a value.
 */
export class SketchedHistogram implements Aggregator {
  readonly kind = DataPointType.HISTOGRAM;
  readonly #buckets: Aggregator;

  /** @param buckets the SDK's own aggregator of the instrument. */
  constructor(buckets: Aggregator) {
    this.#buckets = buckets;
  }

  createAccumulation(startTime: HrTime): SketchedAccumulation {
    return new SketchedAccumulation(this.#buckets.createAccumulation(startTime), [new Sketch()]);
  }

  merge(previous: SketchedAccumulation, delta: SketchedAccumulation): SketchedAccumulation {
    const untaken = [...previous.sketches, ...delta.sketches].filter(({ isTaken }) => !isTaken);
    return new SketchedAccumulation(this.#buckets.merge(previous.buckets, delta.buckets), untaken);
  }

  diff(previous: SketchedAccumulation, current: SketchedAccumulation): SketchedAccumulation {
    return new SketchedAccumulation(this.#buckets.diff(previous.buckets, current.buckets), current.sketches);
  }

  toMetricData(
    descriptor: MetricDescriptor,
    temporality: AggregationTemporality,
    recorded: [Attributes, SketchedAccumulation][],
    endTime: HrTime,
  ): MetricData {
    const buckets = recorded.map(([attributes, it]): [Attributes, Accumulation] => [attributes, it.buckets]);
    const metric = this.#buckets.toMetricData(descriptor, temporality, buckets, endTime);
    if (temporality === AggregationTemporality.CUMULATIVE) return metric;
    for (const [index, { value }] of (metric as HistogramMetricData).dataPoints.entries())
      (value as SketchedValue)[SKETCHES] = recorded[index]?.[1].sketches ?? [];
    return metric;
  }
}

/** Takes the sketches of a histogram. A metric without sketches stays as it is. */
export function takeSketches(metric: MetricData): MetricData {
  if (metric.dataPointType !== DataPointType.HISTOGRAM || !metric.dataPoints.every(isSketched)) return metric;
  return {
    ...metric,
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    dataPoints: metric.dataPoints.map((point) => ({ ...point, value: taken(point.value) })),
  };
}

function isSketched({ value }: DataPoint<Histogram>): boolean {
  return SKETCHES in value;
}

function taken({ [SKETCHES]: sketches = [] }: SketchedValue): ExponentialHistogram {
  for (const sketch of sketches) sketch.isTaken = true;
  const fineness = { maxBuckets: MAX_EXPONENTIAL_BUCKETS };
  const [first, ...more] = sketches.map(({ values }) => values.toPoint(fineness));
  const point =
    first !== undefined && more.length === 0
      ? first
      : ExponentialSketch.of(first === undefined ? [] : [first, ...more]).toPoint(fineness);
  const { positive, negative } = point;
  return { ...point, positive: mutable(positive), negative: mutable(negative) };
}

/** The SDK's type of the same buckets. */
function mutable({ offset, bucketCounts }: ExponentialBuckets): ExponentialHistogram["positive"] {
  return { offset, bucketCounts: bucketCounts as number[] };
}
