import { geometricMean, mean, medianSorted } from "simple-statistics";
import type { PredictedPath } from "../../../core/model.ts";
import type { PathScore } from "./score-path.ts";

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

/** How good a method was on one series at one horizon: means over the origins. */
export interface HorizonScore {
  readonly steps: number;
  readonly mase: number | undefined;
  /** MASE over that of naive at the same origins: below 1 is better. */
  readonly versusNaive: number | undefined;
  readonly smape: number | undefined;
  readonly quantileLoss: number | undefined;
  readonly coverage80: number | undefined;
  readonly coverage95: number | undefined;
}

/** A method on one series, or over all of them. */
export interface MethodScore {
  readonly method: string;
  readonly horizons: readonly HorizonScore[];
  /** Median time of one forecast from scratch. */
  readonly millis: number | undefined;
  readonly forecasts: number;
  /** Forecasts that could not be made. */
  readonly failures: number;
}

/** Added to both sides of a ratio of errors, so that two perfect forecasts are alike; no ratio lies outside the limits. */
const NEGLIGIBLE = 0.01;
const LIMITS = { least: 0.01, most: 100 };

/** Puts the origins of one series together. */
export function scoreMethod(
  method: string,
  steps: readonly number[],
  results: readonly OriginResult[],
  naive: readonly OriginResult[],
): MethodScore {
  const scored = results.filter((result) => result.state === "scored");
  const horizons = steps.map((count, index): HorizonScore => {
    const own = results.map((result) => scoreAt(result, index));
    const mase = meanOf(own, "mase");
    const reference = meanOf(
      naive.map((result) => scoreAt(result, index)),
      "mase",
    );
    return {
      steps: count,
      mase,
      versusNaive: mase === undefined || reference === undefined ? undefined : ratio(mase, reference),
      smape: meanOf(own, "smape"),
      quantileLoss: meanOf(own, "quantileLoss"),
      coverage80: meanOf(own, "coverage80"),
      coverage95: meanOf(own, "coverage95"),
    };
  });
  return {
    method,
    horizons,
    millis: medianOf(scored.map((result) => result.millis)),
    forecasts: scored.length,
    failures: results.filter((result) => result.state === "failed").length,
  };
}

/** Puts the series together: ratios by their geometric mean, all else by the mean. A horizon counts where it was tested. */
export function scoreOverall(scores: readonly MethodScore[]): MethodScore {
  const steps = [...new Set(scores.flatMap((score) => score.horizons.map((horizon) => horizon.steps)))];
  return {
    method: scores[0]?.method ?? "",
    horizons: steps
      .sort((one, other) => one - other)
      .map((count) =>
        overallAt(
          count,
          scores.flatMap((score) => score.horizons.filter((it) => it.steps === count)),
        ),
      ),
    millis: medianOf(scores.map((score) => score.millis)),
    forecasts: scores.reduce((sum, score) => sum + score.forecasts, 0),
    failures: scores.reduce((sum, score) => sum + score.failures, 0),
  };
}

function overallAt(steps: number, horizons: readonly HorizonScore[]): HorizonScore {
  const ratios = known(horizons.map((horizon) => horizon.versusNaive));
  return {
    steps,
    mase: meanOf(horizons, "mase"),
    versusNaive: ratios.length === 0 ? undefined : geometricMean(ratios),
    smape: meanOf(horizons, "smape"),
    quantileLoss: meanOf(horizons, "quantileLoss"),
    coverage80: meanOf(horizons, "coverage80"),
    coverage95: meanOf(horizons, "coverage95"),
  };
}

function scoreAt(result: OriginResult, index: number): PathScore | undefined {
  return result.state === "scored" ? result.scores[index] : undefined;
}

function ratio(own: number, reference: number): number {
  return Math.min(LIMITS.most, Math.max(LIMITS.least, (own + NEGLIGIBLE) / (reference + NEGLIGIBLE)));
}

function meanOf<Key extends string>(
  scores: readonly (Readonly<Record<Key, number | undefined>> | undefined)[],
  key: Key,
): number | undefined {
  const values = known(scores.map((score) => score?.[key]));
  return values.length === 0 ? undefined : mean(values);
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const ordered = known(values).sort((one, other) => one - other);
  return ordered.length === 0 ? undefined : medianSorted(ordered);
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}
