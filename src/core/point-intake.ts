import type { HistogramPoint } from "./metric-point.ts";
import type { Labels } from "./series-key.ts";

/** Whether a value counts since the previous point of its stream, or since the stream's start. */
export type Temporality = "delta" | "cumulative";

/** What a sender tells of a metric, once for all its points. */
export interface MetricHeader {
  /** The instrumentation scope; empty if the protocol has none. */
  readonly scope: string;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly kind: "gauge" | "counter" | "up-down-counter" | "histogram";
  /** Of no meaning for a gauge. */
  readonly temporality: Temporality;
}

/**
 * Where receivers put points, whatever their protocol is. Each step is looked up by a key that the
 * receiver chooses, such as the bytes of a message. Equal keys mean the same thing, so what was read
 * once is not read again; different keys may mean the same thing too.
 */
export interface PointIntake {
  /** @param read the attributes of the resource; called only for a key that is new. */
  resource(key: string, read: () => Labels): ResourceIntake;
}

/** Where the metrics of one resource go. */
export interface ResourceIntake {
  /**
   * @param read the header of the metric, with its scope; called only for a key that is new.
   */
  metric(key: string, read: () => MetricHeader): MetricIntake;
}

/** Where the points of one metric of one resource go. */
export interface MetricIntake {
  readonly header: MetricHeader;
  /**
   * @param read the attributes of the point; called only for a key that is new.
   * @returns `undefined` if there is no room for another stream, or if its points belong elsewhere.
   */
  stream(key: string, read: () => Labels): StreamIntake | undefined;
}

/**
 * Takes the points of one stream: one attribute set of one metric of one resource. Times are epoch
 * milliseconds. The start is that of the counting, `NaN` if it is not known. A point that is not
 * newer than the last one is counted and left out.
 */
export interface StreamIntake {
  number(value: number, at: number, startAt: number): void;
  histogram(value: HistogramPoint, at: number, startAt: number): void;
  /** The sender says that the stream has ended. */
  end(at: number): void;
}
