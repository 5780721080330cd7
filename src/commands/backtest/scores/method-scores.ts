import { geometricMean, mean, medianSorted } from "simple-statistics";
import type { PredictedPath } from "../../../core/model.ts";
import type { PathScore } from "./score-path.ts";

/** The forecast of one method at one origin, and its scores. */
export type OriginResult =
  | {
      readonly state: "scored";
      readonly path: PredictedPath;
      /** The method that made it; `auto` names its choice. */
      readonly chosen: string;
      readonly millis: number;
      /** The scores of each horizon of the plan; `undefined` when all actual values are gaps. */
      readonly scores: readonly (PathScore | undefined)[];
    }
  | { readonly state: "warming-up" }
  | { readonly state: "failed"; readonly reason: string };

/** The mean scores of a method at one horizon, over the origins of a series. */
export interface HorizonScore {
  readonly steps: number;
  readonly mase: number | undefined;
  /** MASE relative to that of naive at the same origins; below 1 is better. */
  readonly versusNaive: number | undefined;
  readonly smape: number | undefined;
  readonly quantileLoss: number | undefined;
  readonly coverage80: number | undefined;
  readonly coverage95: number | undefined;
  /**
   * MASE less that of naive at each origin, oldest first, relative to the mean MASE of naive.
   * Origins without both are left out.
   */
  readonly differences: readonly number[];
  /** The number of successive origins whose forecasts share outcomes; 1 when none do. */
  readonly overlap: number;
}

/** The scores of a method on one series, or on all. */
export interface MethodScore {
  readonly method: string;
  readonly horizons: readonly HorizonScore[];
  /** Median time to fit and forecast. */
  readonly millis: number | undefined;
  readonly forecasts: number;
  /** The number of forecasts that failed. */
  readonly failures: number;
}

/**
 * Added to both errors of a ratio, so that two perfect forecasts have the ratio 1. Ratios are
 * limited.
 */
const NEGLIGIBLE = 0.01;
const LIMITS = { least: 0.01, most: 100 };

/**
 * The scores of a method over the origins of one series.
 *
 * @param spacing Steps from one origin to the next.
 */
export function scoreMethod(
  method: string,
  steps: readonly number[],
  results: readonly OriginResult[],
  naive: readonly OriginResult[],
  spacing: number,
): MethodScore {
  const scored = results.filter((result) => result.state === "scored");
  const horizons = steps.map((count, index): HorizonScore => {
    const own = results.map((result) => scoreAt(result, index));
    const ofNaive = naive.map((result) => scoreAt(result, index));
    const mase = meanOf(own, "mase");
    const reference = meanOf(ofNaive, "mase");
    return {
      steps: count,
      mase,
      versusNaive: mase === undefined || reference === undefined ? undefined : ratio(mase, reference),
      smape: meanOf(own, "smape"),
      quantileLoss: meanOf(own, "quantileLoss"),
      coverage80: meanOf(own, "coverage80"),
      coverage95: meanOf(own, "coverage95"),
      differences: differencesOf(own, ofNaive, reference ?? 0),
      overlap: Math.ceil(count / spacing),
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

/**
 * The scores of a method over several series: the geometric mean of ratios, the mean of everything
 * else. A series counts at the horizons that it was tested at.
 */
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
    differences: meanDifferences(horizons),
    overlap: Math.max(...horizons.map(({ overlap }) => overlap)),
  };
}

function differencesOf(
  own: readonly (PathScore | undefined)[],
  naive: readonly (PathScore | undefined)[],
  unit: number,
): number[] {
  return known(
    own.map((score, origin) => {
      const [mase, reference] = [score?.mase, naive[origin]?.mase];
      return mase === undefined || reference === undefined
        ? undefined
        : (mase - reference) / (unit + NEGLIGIBLE);
    }),
  );
}

/**
 * The mean over series of the differences at each origin, counted from the last. Series of one time
 * vary together: they are one observation.
 */
function meanDifferences(horizons: readonly HorizonScore[]): number[] {
  const length = Math.max(...horizons.map(({ differences }) => differences.length));
  return Array.from({ length }, (_, back) =>
    mean(known(horizons.map(({ differences }) => differences.at(-1 - back)))),
  ).reverse();
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
