import type { Threshold } from "../core/threshold.ts";

/** Where a series stands, what is predicted of it step by step, and the limit that it should keep to. */
export interface ThresholdQuestion {
  readonly current: number;
  /** Predicted values: index 0 is one step ahead. */
  readonly mean: ArrayLike<number>;
  readonly stepSeconds: number;
  /** How far ahead of now the first step of the path lies, where that is not a whole step. */
  readonly firstStepSeconds?: number;
  readonly threshold: Threshold;
}

/**
 * Seconds until the predicted path goes past the threshold, interpolated linearly between steps: 0 when the series is
 * past it already, `undefined` when it isn't within the path. Nothing is extrapolated beyond the path. To lie exactly on
 * the threshold is not past it, as with `>` and `<` in an alerting rule. O(steps).
 */
export function timeToThreshold(question: ThresholdQuestion): number | undefined {
  const { current, mean, stepSeconds, firstStepSeconds = stepSeconds, threshold } = question;
  const side = threshold.direction === "above" ? 1 : -1;
  let before = side * (current - threshold.value);
  if (before > 0) return 0;
  for (let step = 0; step < mean.length; step++) {
    const excess = side * ((mean[step] as number) - threshold.value);
    if (excess > 0) {
      const share = before / (before - excess);
      return step === 0 ? share * firstStepSeconds : firstStepSeconds + (step - 1 + share) * stepSeconds;
    }
    before = excess;
  }
  return undefined;
}
