import type { Trend } from "../core/forecast.ts";

/** What a trend is read from, in the unit of the metric: where a series stands and what is predicted of it. */
export interface TrendQuestion {
  readonly current: number;
  /** Predicted value at `horizonSeconds`. */
  readonly predicted: number;
  /** Bounds of the interval around it. */
  readonly lower: number;
  readonly upper: number;
  readonly horizonSeconds: number;
}

/** Where a series is heading and how fast. */
export interface TrendAnswer {
  readonly trend: Trend;
  /** The predicted change over the horizon, per second; also told of a stable series. */
  readonly slopePerSecond: number;
}

/** A change smaller than this share of the interval's width (half its half-width) may well be noise. */
const SHARE_OF_INTERVAL = 0.25;
/** A change smaller than this share of the level is nothing to speak of. */
const SHARE_OF_LEVEL = 0.001;

/**
 * Reads the trend from a prediction. It is `stable` when the change is at most a quarter of the width of the interval,
 * or at most a thousandth of the level (the larger of the current and the predicted value, by magnitude); otherwise it
 * goes the way of the change.
 */
export function trendOf({ current, predicted, lower, upper, horizonSeconds }: TrendQuestion): TrendAnswer {
  const change = predicted - current;
  const slopePerSecond = horizonSeconds > 0 ? change / horizonSeconds : 0;
  const noise = SHARE_OF_INTERVAL * Math.abs(upper - lower);
  const level = SHARE_OF_LEVEL * Math.max(Math.abs(current), Math.abs(predicted));
  if (!(Math.abs(change) > Math.max(noise, level))) return { trend: "stable", slopePerSecond };
  return { trend: change > 0 ? "increasing" : "decreasing", slopePerSecond };
}
