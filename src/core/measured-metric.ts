import type { HistogramPoint } from "./metric-point.ts";
import type { Labels } from "./series-key.ts";

/** One attribute set of an instrument, with its value. */
export interface MeasuredPoint<Value> {
  readonly labels: Labels;
  /**
   * What is known of the sender and is no label. Views may name it in `by` and `where`; series of
   * all labels do not have it.
   */
  readonly source?: Labels;
  readonly value: Value;
}

/** What was counted over a longer time than a window: it is in no rate, and part of what a day comes to. */
export interface LateCount {
  /** Of a counter; of a histogram, the sum of what was recorded. */
  readonly count: number;
  /** Since when it was counted, in epoch milliseconds. */
  readonly since: number;
}

/** What counts of a point beside its value. */
export interface CountedBefore {
  /** What was counted in a time that is not known: it is part of the total, and of no rate. */
  readonly before?: number | undefined;
  readonly late?: LateCount | undefined;
}

/** The increment of a counter for one attribute set. */
export interface IncrementPoint extends MeasuredPoint<number>, CountedBefore {}

interface MeasuredBase {
  /** The instrumentation scope. */
  readonly scope: string;
  /** The OpenTelemetry name of the instrument. */
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

/** The current values of a gauge or an up-down counter. */
export interface MeasuredLevel extends MeasuredBase {
  readonly kind: "level";
  readonly points: readonly MeasuredPoint<number>[];
}

/** The increments of a counter since the previous collection. */
export interface MeasuredIncrement extends MeasuredBase {
  readonly kind: "increment";
  readonly points: readonly IncrementPoint[];
}

/** What a histogram has recorded since the previous collection. */
export interface MeasuredHistogram extends MeasuredBase {
  readonly kind: "histogram";
  readonly points: readonly MeasuredPoint<HistogramPoint>[];
}

/** What one instrument has measured between two collections, as plain data. */
export type MeasuredMetric = MeasuredLevel | MeasuredIncrement | MeasuredHistogram;
