import type { Method, MethodParameters } from "../method.ts";
import { dampedHolt } from "../methods/damped-holt.ts";
import { linearTrend } from "../methods/linear-trend.ts";
import { movingMedian } from "../methods/moving-median.ts";
import { piecewiseTrend } from "../methods/piecewise-trend.ts";
import { sawtooth } from "../methods/sawtooth.ts";

/** A method of the combination, with its fixed parameters. */
export interface Member {
  readonly method: Method;
  readonly parameters: MethodParameters;
  /** Its weight factor before any evidence. An undamped trend must be clearly better than none. */
  readonly prior: number;
  /**
   * Its error over that of naive before any evidence: the geometric mean over public operational
   * series, 30 steps after histories of 12 to 120 points.
   */
  readonly expectedRatio: number;
}

/** From the last value to a long memory, each about twice the one before, and the expected ratio. */
const MEDIAN_WINDOWS_POINTS: readonly (readonly [window: number, expectedRatio: number])[] = [
  [1, 1],
  [3, 0.92],
  [7, 0.89],
  [15, 0.89],
  [31, 0.92],
  [63, 0.95],
  [127, 0.97],
  [255, 0.97],
];

/**
 * The members of `auto`: flat forecasts with short to long memory, damped trends, the sawtooth, the
 * trend since the last change, and undamped trends. None has fitted parameters. The first is naive,
 * which the others are compared with.
 */
export const members: readonly Member[] = [
  ...MEDIAN_WINDOWS_POINTS.map(([window, expectedRatio]) => ({
    method: movingMedian,
    parameters: { window },
    prior: window === 1 ? 1.5 : 1,
    expectedRatio,
  })),
  {
    method: dampedHolt,
    parameters: { alpha: 0.3, beta: 0.03, phi: 0.9 },
    prior: 1,
    expectedRatio: 1.02,
  },
  {
    method: dampedHolt,
    parameters: { alpha: 0.3, beta: 0.03, phi: 0.98 },
    prior: 1,
    expectedRatio: 1.2,
  },
  { method: sawtooth, parameters: {}, prior: 1, expectedRatio: 1.3 },
  { method: piecewiseTrend, parameters: {}, prior: 0.5, expectedRatio: 1.15 },
  { method: linearTrend, parameters: { window: 48 }, prior: 0.1, expectedRatio: 1.2 },
  { method: linearTrend, parameters: { window: 192 }, prior: 0.1, expectedRatio: 1.2 },
];
