import type { Bounds } from "../core/bounds.ts";
import type { Gate } from "./gate/gate.ts";
import type { MethodParameters } from "./method.ts";
import { methods } from "./methods.ts";

/** The options of `fitModel`. */
export interface FitOptions {
  /** `auto` or the name of a method. */
  readonly method: string;
  /** Bounds of the metric. No forecast lies outside. */
  readonly bounds?: Bounds | undefined;
  /** Whether the series is a running total, which never falls. */
  readonly isTotal?: boolean | undefined;
  /**
   * The largest number of steps ahead that will be predicted, at least 1. Intervals are calibrated
   * up to there.
   */
  readonly horizonSteps: number;
  /** Learned weights for `auto` and `learned`. Absent: the weights by errors alone. */
  readonly gate?: Gate | undefined;
  /** Parameters of the method that are fixed instead of fitted. */
  readonly parameters?: MethodParameters | undefined;
}

const MAX_WINDOW_STEPS = 100_000;

/** The method that selects among all methods. */
export const AUTO = "auto";
/** `auto` with learned weights, wherever it is used. */
export const LEARNED = "learned";

/** Whether a method is one that selects among all methods. */
export function isSelection(method: string): boolean {
  return method === AUTO || method === LEARNED;
}

/** The names that `fitModel` and the option `method` accept. */
export const methodNames: readonly string[] = [AUTO, LEARNED, ...methods.map((method) => method.name)];

/** Whether a method of this name exists; `auto` is one. */
export function isMethodName(name: string): boolean {
  return methodNames.includes(name);
}

/** What is wrong with the options, as an error text; `undefined` when they are valid. */
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
