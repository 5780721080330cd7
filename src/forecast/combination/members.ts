import type { Method, MethodParameters } from "../method.ts";
import { dampedHolt } from "../methods/damped-holt.ts";
import { linearTrend } from "../methods/linear-trend.ts";
import { movingMedian } from "../methods/moving-median.ts";
import { regimeTrend } from "../methods/regime-trend.ts";
import { sawtooth } from "../methods/sawtooth.ts";

/** A method of the combination, with its fixed parameters. */
export interface Member {
  readonly method: Method;
  readonly parameters: MethodParameters;
  /** Its weight factor before any evidence. An undamped trend must be clearly better than none. */
  readonly prior: number;
}

/** From the last value to a long memory, each about twice the one before. */
const MEDIAN_WINDOWS_POINTS = [1, 3, 7, 15, 31, 63, 127, 255];

/**
 * The members of `auto`: flat forecasts with short to long memory, damped trends, the sawtooth, and
 * undamped trends. None has fitted parameters.
 */
export const members: readonly Member[] = [
  ...MEDIAN_WINDOWS_POINTS.map((window) => ({
    method: movingMedian,
    parameters: { window },
    prior: window === 1 ? Number((globalThis as any).process?.env?.NP ?? 1.5) : 1,
  })),
  { method: dampedHolt, parameters: { alpha: 0.3, beta: 0.03, phi: 0.9 }, prior: 1 },
  { method: dampedHolt, parameters: { alpha: 0.3, beta: 0.03, phi: 0.98 }, prior: 1 },
  { method: sawtooth, parameters: {}, prior: 1 },
  { method: regimeTrend, parameters: {}, prior: Number((globalThis as any).process?.env?.RP ?? 1) },
  { method: linearTrend, parameters: { window: 48 }, prior: 0.1 },
  { method: linearTrend, parameters: { window: 192 }, prior: 0.1 },
];
