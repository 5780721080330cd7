import type { MeasuredPoint } from "../../core/measured-metric.ts";
import type { ExponentialHistogramPoint } from "../../core/metric-point.ts";
import { emptyLabels, type Labels } from "../../core/series-key.ts";
import { ExponentialSketch, MAX_EXPONENTIAL_BUCKETS } from "../../statistics/exponential-sketch.ts";

/** What is recorded under labels between two collections. */
interface Recorded<Value> {
  /** Takes what was recorded since the previous call; `undefined` if nothing was. */
  take(): MeasuredPoint<Value> | undefined;
}

/** A count under labels. That it was counted shows, even if nothing was added. */
export class CountedPoint implements Recorded<number> {
  readonly #labels: Labels;
  #value: number | undefined;

  constructor(labels: Readonly<Record<string, string>>) {
    this.#labels = Object.assign(emptyLabels(), labels);
  }

  add(amount: number): void {
    if (isMeasured(amount)) this.#value = (this.#value ?? 0) + amount;
  }

  take(): MeasuredPoint<number> | undefined {
    const value = this.#value;
    this.#value = undefined;
    return value === undefined ? undefined : { labels: this.#labels, value };
  }
}

/** The distribution of values under labels. */
export class SketchedPoint implements Recorded<ExponentialHistogramPoint> {
  readonly #labels: Labels;
  readonly #sketch = new ExponentialSketch();

  constructor(labels: Readonly<Record<string, string>>) {
    this.#labels = Object.assign(emptyLabels(), labels);
  }

  record(value: number): void {
    if (isMeasured(value)) this.#sketch.record(value);
  }

  take(): MeasuredPoint<ExponentialHistogramPoint> | undefined {
    if (this.#sketch.count === 0) return undefined;
    const value = this.#sketch.toPoint({ maxBuckets: MAX_EXPONENTIAL_BUCKETS });
    this.#sketch.reset();
    return { labels: this.#labels, value };
  }
}

/**
 * Records by a name that the caller bounds. A name under which nothing was recorded between two
 * collections is forgotten.
 */
export class ByName<Records> {
  readonly #records = new Map<string, Records>();
  readonly #make: (name: string) => Records;

  constructor(make: (name: string) => Records) {
    this.#make = make;
  }

  of(name: string): Records {
    let records = this.#records.get(name);
    if (records === undefined) {
      records = this.#make(name);
      this.#records.set(name, records);
    }
    return records;
  }

  /** @param take takes the records of a name, and returns whether there were any. */
  takeAll(take: (records: Records) => boolean): boolean {
    let hasAny = false;
    for (const [name, records] of this.#records) {
      if (take(records)) hasAny = true;
      else this.#records.delete(name);
    }
    return hasAny;
  }
}

/** Adds what was recorded to the points of a metric. Returns whether anything was. */
export function takeInto<Value>(points: MeasuredPoint<Value>[], recorded: Recorded<Value>): boolean {
  const point = recorded.take();
  if (point === undefined) return false;
  points.push(point);
  return true;
}

function isMeasured(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}
