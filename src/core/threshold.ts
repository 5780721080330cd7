/** A limit on a metric, in the unit of the metric. */
export interface Threshold {
  readonly value: number;
  /** The side of `value` on which there is trouble. */
  readonly direction: "above" | "below";
}
