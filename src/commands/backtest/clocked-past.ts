import type { PredictedPath } from "../../core/model.ts";
import { clockFor } from "../../engine/tier-model.ts";
import { localTime, onLocalClock } from "../../series/local-clock.ts";
import type { TestPlan } from "./test-plan.ts";

/** The past of an origin as a model sees it, and which steps of its path are those of the series. */
export interface ClockedPast {
  readonly values: Float64Array;
  /** The longest path that is asked of the model. */
  readonly pathSteps: number;
  /** A path of the model, step by step of the series. */
  toSeriesSteps(path: PredictedPath): PredictedPath;
}

/** Lays the past on the local clock where a process would, and as it comes otherwise. */
export function clockedPast(plan: TestPlan, past: Float64Array, origin: number): ClockedPast {
  const { series, season } = plan;
  const { stepSeconds, endMillis } = series;
  const steps = plan.horizons.at(-1) as number;
  const clock = clockFor({ values: past, stepSeconds }, season, plan.clock);
  if (clock === undefined || endMillis === undefined) {
    return { values: past, pathSteps: steps, toSeriesSteps: (path) => path };
  }
  const stepMillis = stepSeconds * 1000;
  const lastAt = endMillis - (series.values.length - origin) * stepMillis;
  const end = localTime(clock, lastAt);
  const indices = Array.from({ length: steps }, (_, index) => {
    const ahead = localTime(clock, lastAt + (index + 1) * stepMillis) - end;
    return Math.max(1, Math.round(ahead / stepMillis)) - 1;
  });
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(indices, (index) => values[index] as number);
  return {
    values: onLocalClock(past, stepMillis, lastAt, clock),
    pathSteps: Math.max(...indices) + 1,
    toSeriesSteps: ({ mean, lower80, upper80, lower95, upper95 }) => ({
      mean: pick(mean),
      lower80: pick(lower80),
      upper80: pick(upper80),
      lower95: pick(lower95),
      upper95: pick(upper95),
    }),
  };
}
