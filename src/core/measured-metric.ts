import type { HistogramPoint } from "./metric-point.ts";
import type { Labels } from "./series-key.ts";

/** One attribute set of an instrument with what was measured for it. */
export interface MeasuredPoint<Value> {
  readonly labels: Labels;
  readonly value: Value;
}

interface MeasuredBase {
  /** Instrumentation scope. */
  readonly scope: string;
  /** OpenTelemetry name of the instrument. */
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

/** Last values of a gauge or an up-down counter. */
export interface MeasuredLevel extends MeasuredBase {
  readonly kind: "level";
  readonly points: readonly MeasuredPoint<number>[];
}

/** Increments of a counter since the collection before. */
export interface MeasuredIncrement extends MeasuredBase {
  readonly kind: "increment";
  readonly points: readonly MeasuredPoint<number>[];
}

/** What a histogram recorded since the collection before. */
export interface MeasuredHistogram extends MeasuredBase {
  readonly kind: "histogram";
  readonly points: readonly MeasuredPoint<HistogramPoint>[];
}

/** What one instrument measured between two collections, without OpenTelemetry. */
export type MeasuredMetric = MeasuredLevel | MeasuredIncrement | MeasuredHistogram;
