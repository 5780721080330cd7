/** A limit that a metric should not cross, in the unit of the metric. */
export interface Threshold {
  readonly value: number;
  /** On which side of `value` trouble is. */
  readonly direction: "above" | "below";
}
