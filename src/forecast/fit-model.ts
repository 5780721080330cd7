import type { Bounds } from "../core/bounds.ts";
import type { History } from "../core/history.ts";
import type { FitResult } from "../core/model.ts";
import { type Backtest, backtest } from "./backtest.ts";
import { CalibratedModel } from "./calibrated-model.ts";
import { intervalOffsets } from "./intervals.ts";
import { fewestPoints, type Method, type MethodParameters } from "./method.ts";
import { methodNamed, methods } from "./methods.ts";
import { naive } from "./naive.ts";
import { type Scaling, scalingOf } from "./scaling.ts";

/** What `fitModel` is asked for. */
export interface FitOptions {
  /** `auto` or the name of a method. */
  readonly method: string;
  /** Values that the metric can take; no forecast lies outside. */
  readonly bounds?: Bounds | undefined;
  /** How many steps ahead the model will be asked for, at least 1: intervals are calibrated up to there. */
  readonly horizonSteps: number;
  /** What of the method is given instead of fitted. */
  readonly parameters?: MethodParameters | undefined;
}

const longestWindow = 100_000;

/** Names that `fitModel` and the option `method` take. */
export const methodNames: readonly string[] = ["auto", ...methods.map((method) => method.name)];

/** Whether there is a method of that name, `auto` among them. */
export function isMethodName(name: string): boolean {
  return methodNames.includes(name);
}

/**
 * Fits a method to the past of a series. Never throws: too few points are `warming-up`, what cannot be used is `failed` with
 * the reason. An infinite value counts as a gap.
 */
export function fitModel(history: History, options: FitOptions): FitResult {
  const reason = whatIsWrong(options);
  if (reason !== undefined) return { state: "failed", reason };
  const method = methodNamed(options.method);
  const missingPoints = (method?.minimumPoints ?? fewestPoints) - validPoints(history);
  if (missingPoints > 0) return { state: "warming-up", missingPoints };

  const scaling = scalingOf(history.values);
  const scaled = { ...history, values: Float64Array.from(history.values, scaling.scale) };
  return method === undefined ? fitBest(scaled, scaling, options) : fitOne(method, scaled, scaling, options);
}

function whatIsWrong({ method, horizonSteps, parameters }: FitOptions): string | undefined {
  if (!isMethodName(method)) return `unknown method "${method}": expected one of ${methodNames.join(", ")}`;
  if (!Number.isInteger(horizonSteps) || horizonSteps < 1) {
    return `horizonSteps is ${horizonSteps}: expected a whole number of at least 1`;
  }
  const alpha = parameters?.alpha;
  if (alpha !== undefined && !(alpha > 0 && alpha <= 1)) {
    return `alpha is ${alpha}: expected a number above 0 and at most 1`;
  }
  const window = parameters?.window;
  if (window !== undefined && !(Number.isInteger(window) && window >= 1 && window <= longestWindow)) {
    return `window is ${window}: expected a whole number from 1 to ${longestWindow}`;
  }
  return undefined;
}

function validPoints(history: History): number {
  let count = 0;
  for (const value of history.values) if (Number.isFinite(value)) count++;
  return count;
}

function fitOne(method: Method, scaled: History, scaling: Scaling, options: FitOptions): FitResult {
  const own = backtest(method, scaled, options.parameters ?? {}, options.horizonSteps);
  const reference = backtest(naive, scaled, {}, options.horizonSteps);
  return ready(method, own, reference, scaled, scaling, options);
}

/** The method of least backtested error; naive where none beats it. */
function fitBest(scaled: History, scaling: Scaling, options: FitOptions): FitResult {
  const reference = backtest(naive, scaled, {}, options.horizonSteps);
  let best = { method: naive, tested: reference };
  for (const method of methods) {
    const tested = backtest(method, scaled, options.parameters ?? {}, options.horizonSteps);
    if (tested.meanAbsoluteError < best.tested.meanAbsoluteError) best = { method, tested };
  }
  return ready(best.method, best.tested, reference, scaled, scaling, options);
}

function ready(
  method: Method,
  own: Backtest,
  reference: Backtest,
  scaled: History,
  scaling: Scaling,
  options: FitOptions,
): FitResult {
  const model = new CalibratedModel({
    method: options.method === "auto" ? `auto: ${method.name}` : method.name,
    errorVersusNaive: errorRatio(own.meanAbsoluteError, reference.meanAbsoluteError),
    fitted: method.fit(scaled, options.parameters ?? {}),
    offsets: intervalOffsets(own),
    scaling,
    bounds: options.bounds ?? {},
  });
  return { state: "ready", model };
}

/** Below 1 is better than naive. Where both are without error there is nothing between them: 1. */
function errorRatio(own: number, reference: number): number {
  const negligible = 1e-12;
  return (own + negligible) / (reference + negligible);
}
