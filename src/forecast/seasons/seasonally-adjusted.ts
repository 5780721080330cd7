import type { FittedMethod } from "../method.ts";
import type { SeasonalPattern } from "./seasonal-pattern.ts";

/**
 * Wraps a method that was fitted without the seasons, and adds them to its forecasts. The patterns
 * stay as fitted. New points move the phase and update the wrapped method.
 */
export function seasonallyAdjusted(inner: FittedMethod, patterns: readonly SeasonalPattern[]): FittedMethod {
  if (patterns.length === 0) return inner;
  let elapsedSteps = 0;
  const seasonAt = (steps: number): number => {
    let sum = 0;
    for (const { pattern, period } of patterns) sum += pattern[(elapsedSteps + steps - 1) % period] as number;
    return sum;
  };
  return {
    update(value) {
      inner.update(value - seasonAt(1));
      elapsedSteps++;
    },
    at: (steps) => inner.at(steps) + seasonAt(steps),
    plausible(steps) {
      const range = inner.plausible?.(steps);
      if (range === undefined) return undefined;
      const season = seasonAt(steps);
      return { lower: range.lower + season, upper: range.upper + season };
    },
    untrustedTrend: (steps) => inner.untrustedTrend?.(steps) ?? 0,
  };
}
