import type { Method, MethodParameters } from "../method.ts";
import { DampedTrend, dampedHolt } from "../methods/damped-holt.ts";
import { LineSums } from "../methods/line-sums.ts";
import { linearTrend } from "../methods/linear-trend.ts";
import { movingMedian } from "../methods/moving-median.ts";
import { PiecewiseTrend, piecewiseTrend } from "../methods/piecewise-trend.ts";
import { Sawtooth, sawtooth } from "../methods/sawtooth.ts";
import { FollowedMembers } from "./followed-members.ts";

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

const DAMPINGS = [
  { alpha: 0.3, beta: 0.03, phi: 0.9, expectedRatio: 1.02 },
  { alpha: 0.3, beta: 0.03, phi: 0.98, expectedRatio: 1.2 },
];
const LINE_WINDOWS_POINTS = [48, 192];

const medians: readonly Member[] = MEDIAN_WINDOWS_POINTS.map(([window, expectedRatio]) => ({
  method: movingMedian,
  parameters: { window },
  prior: window === 1 ? 1.5 : 1,
  expectedRatio,
}));

const others: readonly Member[] = [
  ...DAMPINGS.map(({ expectedRatio, ...parameters }) => ({
    method: dampedHolt,
    parameters,
    prior: 1,
    expectedRatio,
  })),
  { method: sawtooth, parameters: {}, prior: 1, expectedRatio: 1.3 },
  { method: piecewiseTrend, parameters: {}, prior: 0.5, expectedRatio: 1.15 },
];

const lines: readonly Member[] = LINE_WINDOWS_POINTS.map((window) => ({
  method: linearTrend,
  parameters: { window },
  prior: 0.1,
  expectedRatio: 1.2,
}));

/**
 * The members of `auto`: flat forecasts with short to long memory, damped trends, the sawtooth, the
 * trend since the last change, and undamped trends. None has fitted parameters. The first is naive,
 * which the others are compared with.
 */
export const members: readonly Member[] = [...medians, ...others, ...lines];

/** Follows series with these members, after their fit. */
export const followedMembers = new FollowedMembers({
  medianWindows: MEDIAN_WINDOWS_POINTS.map(([window]) => window),
  dampedTrends: DAMPINGS.map((weights) => new DampedTrend(weights)),
  sawtooth: new Sawtooth(),
  piecewise: new PiecewiseTrend(),
  lines: LINE_WINDOWS_POINTS.map((window) => new LineSums(window)),
});
