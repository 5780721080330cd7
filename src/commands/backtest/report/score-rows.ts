import type { MethodScore } from "../scores/method-scores.ts";

/** Headings of a table of scores, with what they mean. */
export const COLUMNS: readonly { readonly name: string; readonly meaning: string }[] = [
  { name: "method", meaning: "as --method and OTEL_FORECAST_METHOD take it" },
  { name: "MASE", meaning: "mean absolute error in units of the mean step of the past" },
  { name: "vs naive", meaning: "MASE over that of assuming no change; below 1 is better" },
  { name: "sMAPE %", meaning: "symmetric mean absolute percentage error, 0 to 200" },
  {
    name: "quantile loss",
    meaning: "pinball loss of the quantiles .1, .5 and .9 in units of the mean step; lower is better",
  },
  { name: "in 80 %", meaning: "share of values inside the 80 % interval" },
  { name: "in 95 %", meaning: "share of values inside the 95 % interval" },
  { name: "ms", meaning: "median time of one forecast from scratch, for all horizons together" },
];

/** The rows of one horizon, the most accurate method first. */
export function scoreRows(scores: readonly MethodScore[], steps: number): string[][] {
  const rows = scores.flatMap((score) => {
    const horizon = score.horizons.find((it) => it.steps === steps);
    return horizon === undefined ? [] : [{ score, horizon }];
  });
  const rank = (value: number | undefined): number => value ?? Number.POSITIVE_INFINITY;
  rows.sort((one, other) => {
    const [left, right] = [rank(one.horizon.versusNaive), rank(other.horizon.versusNaive)];
    return left === right ? rank(one.horizon.smape) - rank(other.horizon.smape) || 0 : left - right;
  });
  return rows.map(({ score, horizon }) => [
    score.method,
    shownNumber(horizon.mase, 3),
    shownNumber(horizon.versusNaive, 3),
    shownNumber(horizon.smape, 2),
    shownNumber(horizon.quantileLoss, 3),
    shownNumber(horizon.coverage80, 3),
    shownNumber(horizon.coverage95, 3),
    shownNumber(score.millis, 2),
  ]);
}

/** The horizons that any method was tested at, ascending. */
export function horizonsOf(scores: readonly MethodScore[]): number[] {
  const steps = scores.flatMap((score) => score.horizons.map((horizon) => horizon.steps));
  return [...new Set(steps)].sort((one, other) => one - other);
}

/** So many seconds as a person says it: `30 s`, `5 min`, `1 h`, `2 d`. */
export function shownSeconds(seconds: number): string {
  const units: readonly [number, string][] = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
  ];
  const [size, name] = units.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, "s"];
  return `${Number((seconds / size).toFixed(3))} ${name}`;
}

/** A number for a table; a dash where there is none. Beyond 10,000 by its power of ten, so that columns stay narrow. */
function shownNumber(value: number | undefined, digits: number): string {
  if (value === undefined) return "-";
  return Math.abs(value) >= 10_000 ? value.toExponential(1) : value.toFixed(digits);
}
