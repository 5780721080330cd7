import type { FittedMethod } from "../method.ts";
import type { SeasonalPattern } from "./seasonal-pattern.ts";

/**
 * A method that sees a series without its seasons, with the seasons put back on its forecasts. The patterns stay as they were
 * fitted; new points move the phase and the method underneath.
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
    unbelieved: (steps) => inner.unbelieved?.(steps) ?? 0,
  };
}
