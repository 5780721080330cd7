import { numberRow } from "../../math/number-row.ts";

/** A point far away from the line. */
export interface FarPoint {
  /** In steps from 1 on. */
  readonly time: number;
  readonly value: number;
  readonly deviation: number;
}

/**
 * The newest point, while it is far away from the line and alone. A second one on the same side makes
 * them a new regime. Otherwise the first was an outlier.
 */
export class Outlier extends numberRow(["time", "value", "deviation"]) {
  get isPresent(): boolean {
    return this.time !== 0;
  }

  keep({ time, value, deviation }: FarPoint): void {
    this.time = time;
    this.value = value;
    this.deviation = deviation;
  }

  /** Removes and returns the point. */
  take(): FarPoint | undefined {
    if (!this.isPresent) return undefined;
    const { time, value, deviation } = this;
    this.clear();
    return { time, value, deviation };
  }
}
