/** A predicted value and the bounds of its interval, in the unit of the metric. */
export interface PredictedInterval {
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
}
