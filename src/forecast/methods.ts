import { exponentialSmoothing } from "./exponential-smoothing.ts";
import { linearTrend } from "./linear-trend.ts";
import type { Method } from "./method.ts";
import { movingAverage } from "./moving-average.ts";
import { naive } from "./naive.ts";

/** Every method that can be asked for by name. A new method is one file and one line here. */
export const methods: readonly Method[] = [naive, movingAverage, exponentialSmoothing, linearTrend];

/** The method of that name. */
export function methodNamed(name: string): Method | undefined {
  return methods.find((method) => method.name === name);
}
