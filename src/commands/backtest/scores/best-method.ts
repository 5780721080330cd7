import type { HorizonScore, MethodScore } from "./method-scores.ts";

/** A method with its scores at one horizon. */
export interface Ranked {
  readonly score: MethodScore;
  readonly horizon: HorizonScore;
}

/** The methods at one horizon, the most accurate first. */
export function ranked(scores: readonly MethodScore[], steps: number): Ranked[] {
  const rows = scores.flatMap((score) => {
    const horizon = score.horizons.find((it) => it.steps === steps);
    return horizon === undefined ? [] : [{ score, horizon }];
  });
  const rank = (value: number | undefined): number => value ?? Number.POSITIVE_INFINITY;
  return rows.sort((one, other) => {
    const [left, right] = [rank(one.horizon.versusNaive), rank(other.horizon.versusNaive)];
    return left === right ? rank(one.horizon.smape) - rank(other.horizon.smape) || 0 : left - right;
  });
}

/** The most accurate method at one horizon, if any method was tested at it. */
export function bestMethod(scores: readonly MethodScore[], steps: number): Ranked | undefined {
  return ranked(scores, steps)[0];
}
