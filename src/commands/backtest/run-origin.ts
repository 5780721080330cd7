import type { Bounds } from "../../core/bounds.ts";
import type { PredictedPath } from "../../core/model.ts";
import { FEWEST_POINTS } from "../../engine/tier-model.ts";
import { fitModel } from "../../forecast/fit-model.ts";
import { clockedPast } from "./clocked-past.ts";
import { type PathScore, scorePath, stepScale } from "./scores/score-path.ts";
import type { TestPlan } from "./test-plan.ts";

/** What one method said at one origin, and how good that was. */
export type OriginResult =
  | {
      readonly state: "scored";
      readonly path: PredictedPath;
      /** The method that was used; `auto` names its choice. */
      readonly chosen: string;
      readonly millis: number;
      /** One for each horizon of the plan; absent where everything that came is a gap. */
      readonly scores: readonly (PathScore | undefined)[];
    }
  | { readonly state: "warming-up" }
  | { readonly state: "failed"; readonly reason: string };

/** What a run needs besides its plan. */
export interface RunOptions {
  readonly bounds: Bounds;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Fits a method to the window before an origin as a process would, forecasts up to the longest horizon, and scores every
 * horizon. A past of fewer points than a process forecasts from is `warming-up` here too.
 */
export function runOrigin(plan: TestPlan, method: string, origin: number, options: RunOptions): OriginResult {
  const { series, horizons, window, season } = plan;
  const past = series.values.slice(origin - window, origin);
  if (past.filter((value) => Number.isFinite(value)).length < FEWEST_POINTS) return { state: "warming-up" };
  const longest = horizons.at(-1) as number;
  const clocked = clockedPast(plan, past, origin);
  const startedAt = options.now();
  const result = fitModel(
    { values: clocked.values, stepSeconds: series.stepSeconds, ...(season === undefined ? {} : { season }) },
    { method, bounds: options.bounds, horizonSteps: longest + 2 },
  );
  if (result.state !== "ready") return result.state === "failed" ? result : { state: "warming-up" };
  const path = clocked.toSeriesSteps(result.model.predict(clocked.pathSteps));
  const millis = options.now() - startedAt;
  if (!Object.values(path).every((values: Float64Array) => values.every(Number.isFinite))) {
    return { state: "failed", reason: "a forecast is not finite" };
  }
  const actual = series.values.subarray(origin, origin + longest);
  const scale = stepScale(past);
  return {
    state: "scored",
    path,
    chosen: result.model.method,
    millis,
    scores: horizons.map((steps) => scorePath(path, actual, steps, scale)),
  };
}
