import type { PredictedPath } from "../../core/model.ts";
import type { Sample } from "../../core/sample.ts";
import { ClockedModel } from "../../engine/clocked-model.ts";
import type { SeriesKind } from "../../engine/series-kind.ts";
import { gateFor } from "../../weights/gate-for.ts";
import { warnOnStandardError } from "../endings.ts";
import type { OriginResult } from "./scores/method-scores.ts";
import { scorePath, stepScale } from "./scores/score-path.ts";
import type { TestPlan } from "./test-plan.ts";

/** What a run needs beside its plan. */
export interface RunOptions {
  readonly kind: SeriesKind;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * Fits a method to the window before an origin as the engine does, forecasts up to the longest
 * horizon, and scores every horizon. Too few known points give `warming-up`, as in the engine.
 */
export function runOrigin(plan: TestPlan, method: string, origin: number, options: RunOptions): OriginResult {
  const { series, horizons, window, season } = plan;
  const { stepSeconds, endMillis } = series;
  const values = series.values.slice(origin - window, origin);
  const longest = horizons.at(-1) as number;
  // Without times there is no clock, and the end may be any time.
  const clock = endMillis === undefined ? undefined : plan.clock;
  const lastAt = (endMillis ?? 0) - (series.values.length - origin) * stepSeconds * 1000;
  const startedAt = options.now();
  const result = ClockedModel.fit(
    { values, stepSeconds, lastAt, ...(season === undefined ? {} : { season }) },
    { method, gate: gateFor(method, { warn: warnOnStandardError }), kind: options.kind, clock },
    longest + 2,
  );
  if (result.state !== "ready") return result;
  const path = pathOf(options.kind, { at: lastAt, value: values.at(-1) as number }, longest, result.model);
  const millis = options.now() - startedAt;
  if (!Object.values(path).every((values: Float64Array) => values.every(Number.isFinite))) {
    return { state: "failed", reason: "a forecast is not finite" };
  }
  const actual = series.values.subarray(origin, origin + longest);
  const scale = stepScale(values);
  return {
    state: "scored",
    path,
    chosen: result.model.method,
    millis,
    scores: horizons.map((steps) => scorePath(path, actual, steps, scale)),
  };
}

/** The forecasts for the next steps of the series, which are equally spaced in UTC. */
function pathOf(kind: SeriesKind, last: Sample, steps: number, model: ClockedModel): PredictedPath {
  const predicted = Array.from({ length: steps }, (_, index) =>
    kind.predictAt(model, last, last.at + (index + 1) * model.stepMillis),
  );
  const pick = (key: keyof PredictedPath): Float64Array => Float64Array.from(predicted, (step) => step[key]);
  return {
    mean: pick("mean"),
    lower80: pick("lower80"),
    upper80: pick("upper80"),
    lower95: pick("lower95"),
    upper95: pick("upper95"),
  };
}
