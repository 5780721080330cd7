import type { Method, MethodParameters } from "../method.ts";
import { dampedHolt } from "../methods/damped-holt.ts";
import { linearTrend } from "../methods/linear-trend.ts";
import { movingMedian } from "../methods/moving-median.ts";
import { sawtooth } from "../methods/sawtooth.ts";

/** A method of the combination, with what is fixed of it. */
export interface Member {
  readonly method: Method;
  readonly parameters: MethodParameters;
  /** What its word counts before any evidence: an undamped trend must be clearly better than none. */
  readonly prior: number;
}

/** From the last value to a long memory; each about twice the one before. */
const MEDIAN_WINDOWS_POINTS = [1, 3, 7, 15, 31, 63, 127, 255];

/** What `auto` combines: flat forecasts from short to long memory, damped trends, the teeth of a saw, undamped
 * trends. Nothing in them is fitted. */
export const members: readonly Member[] = [
  ...MEDIAN_WINDOWS_POINTS.map((window) => ({
    method: movingMedian,
    parameters: { window },
    prior: window === 1 ? 1.5 : 1,
  })),
  { method: dampedHolt, parameters: { alpha: 0.3, beta: 0.03, phi: 0.9 }, prior: 1 },
  { method: dampedHolt, parameters: { alpha: 0.3, beta: 0.03, phi: 0.98 }, prior: 1 },
  { method: sawtooth, parameters: {}, prior: 1 },
  { method: linearTrend, parameters: { window: 48 }, prior: 0.1 },
  { method: linearTrend, parameters: { window: 192 }, prior: 0.1 },
];
