import type { Bounds } from "../core/bounds.ts";
import type { MethodParameters } from "./method.ts";
import { methods } from "./methods.ts";

/** What `fitModel` is asked for. */
export interface FitOptions {
  /** `auto` or the name of a method. */
  readonly method: string;
  /** Values that the metric can take; no forecast lies outside. */
  readonly bounds?: Bounds | undefined;
  /** Whether the series is a running total, which only rises, by what is used in each step. */
  readonly isTotal?: boolean | undefined;
  /** How many steps ahead the model will be asked for, at least 1: intervals are calibrated up to there. */
  readonly horizonSteps: number;
  /** What of the method is given instead of fitted. */
  readonly parameters?: MethodParameters | undefined;
}

const MAX_WINDOW_STEPS = 100_000;

/** Names that `fitModel` and the option `method` take. */
export const methodNames: readonly string[] = ["auto", ...methods.map((method) => method.name)];

/** Whether there is a method of that name, `auto` among them. */
export function isMethodName(name: string): boolean {
  return methodNames.includes(name);
}

/** What is wrong with the options, in words for whoever gave them; `undefined` when nothing is. */
export function whatIsWrong({ method, horizonSteps, parameters = {} }: FitOptions): string | undefined {
  if (!isMethodName(method)) return `unknown method "${method}": expected one of ${methodNames.join(", ")}`;
  if (!Number.isInteger(horizonSteps) || horizonSteps < 1) {
    return `horizonSteps is ${horizonSteps}: expected a whole number of at least 1`;
  }
  const { alpha, beta, phi, window } = parameters;
  if (alpha !== undefined && !(alpha > 0 && alpha <= 1)) {
    return `alpha is ${alpha}: expected a number above 0 and at most 1`;
  }
  if (beta !== undefined && !(beta >= 0 && beta <= 1)) {
    return `beta is ${beta}: expected a number from 0 to 1`;
  }
  if (phi !== undefined && !(phi > 0 && phi <= 1)) {
    return `phi is ${phi}: expected a number above 0 and at most 1`;
  }
  if (window !== undefined && !(Number.isInteger(window) && window >= 1 && window <= MAX_WINDOW_STEPS)) {
    return `window is ${window}: expected a whole number from 1 to ${MAX_WINDOW_STEPS}`;
  }
  return undefined;
}
