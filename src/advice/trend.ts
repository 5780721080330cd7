import type { Trend } from "../core/forecast.ts";

/** The numbers that a trend is read from, in the unit of the metric. */
export interface TrendQuestion {
  readonly current: number;
  /** The value predicted for `horizonSeconds` ahead. */
  readonly predicted: number;
  /** Bounds of its prediction interval. */
  readonly lower: number;
  readonly upper: number;
  readonly horizonSeconds: number;
}

/** Where a series is heading, and how fast. */
export interface TrendAnswer {
  readonly trend: Trend;
  /** The predicted change per second over the horizon. A stable series has one too. */
  readonly slopePerSecond: number;
}

/** A change below this share of the width of the interval may be noise. */
const SHARE_OF_INTERVAL = 0.25;
/** A change below this share of the level is negligible. */
const SHARE_OF_LEVEL = 0.001;

/**
 * Reads the trend from a prediction. It is `stable` when the change is at most a quarter of the
 * width of the interval. It is `stable` too when the change is at most a thousandth of the level,
 * the larger magnitude of the current and the predicted value. Otherwise the trend has the
 * direction of the change.
 */
export function trendOf({ current, predicted, lower, upper, horizonSeconds }: TrendQuestion): TrendAnswer {
  const change = predicted - current;
  const slopePerSecond = horizonSeconds > 0 ? change / horizonSeconds : 0;
  const noise = SHARE_OF_INTERVAL * Math.abs(upper - lower);
  const level = SHARE_OF_LEVEL * Math.max(Math.abs(current), Math.abs(predicted));
  if (!(Math.abs(change) > Math.max(noise, level))) return { trend: "stable", slopePerSecond };
  return { trend: change > 0 ? "increasing" : "decreasing", slopePerSecond };
}
