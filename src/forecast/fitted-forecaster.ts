import type { HorizonErrors } from "./backtest/errors.ts";
import type { FittedMethod } from "./method.ts";

/** A method at the end of a series, and how it fared on the way there. */
export interface FittedForecaster {
  /** What made it, as shown to the user. */
  readonly description: string;
  readonly fitted: FittedMethod;
  /** Out-of-sample errors by horizon, ascending. */
  readonly errors: readonly HorizonErrors[];
  /** The first point of the history that was forecast for them. */
  readonly testedFrom: number;
}
