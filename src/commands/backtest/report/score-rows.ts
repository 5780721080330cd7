import { ranked } from "../scores/best-method.ts";
import type { MethodScore } from "../scores/method-scores.ts";

/** A column of a table of scores. */
interface Column {
  readonly name: string;
  readonly meaning: string;
  /** Whether a narrow screen leaves it out. */
  readonly isExtra?: boolean;
}

/** The columns of a table of scores, and their meanings. */
export const COLUMNS: readonly Column[] = [
  { name: "method", meaning: "name, as for --method and OTEL_FORECAST_METHOD" },
  { name: "MASE", meaning: "mean absolute error in units of the mean step of the past" },
  { name: "vs naive", meaning: "MASE relative to naive (no change); below 1 is better" },
  { name: "sMAPE %", meaning: "symmetric mean absolute percentage error, 0 to 200", isExtra: true },
  {
    name: "quantile loss",
    meaning: "pinball loss of the quantiles .1, .5 and .9 in units of the mean step; lower is better",
    isExtra: true,
  },
  { name: "in 80 %", meaning: "share of values inside the 80 % interval" },
  { name: "in 95 %", meaning: "share of values inside the 95 % interval", isExtra: true },
  { name: "ms", meaning: "median time to fit and forecast, for all horizons together", isExtra: true },
];

/** The rows of one horizon, the most accurate method first. */
export function scoreRows(scores: readonly MethodScore[], steps: number): string[][] {
  return ranked(scores, steps).map(({ score, horizon }) => [
    score.method,
    shownNumber(horizon.mase, 2),
    shownNumber(horizon.versusNaive, 2),
    shownNumber(horizon.smape, 1),
    shownNumber(horizon.quantileLoss, 2),
    shownShare(horizon.coverage80),
    shownShare(horizon.coverage95),
    shownMillis(score.millis),
  ]);
}

/** The horizons that any method was tested at, in ascending order. */
export function horizonsOf(scores: readonly MethodScore[]): number[] {
  const steps = scores.flatMap((score) => score.horizons.map((horizon) => horizon.steps));
  return [...new Set(steps)].sort((one, other) => one - other);
}

/**
 * A number in a table; a dash for none. Numbers from 10,000 on are in scientific notation, so that
 * columns stay narrow.
 */
function shownNumber(value: number | undefined, digits: number): string {
  if (value === undefined) return "-";
  return Math.abs(value) >= 10_000 ? value.toExponential(1) : value.toFixed(digits);
}

function shownShare(share: number | undefined): string {
  return share === undefined ? "-" : `${Math.round(100 * share)} %`;
}

/** Times vary from run to run: two digits are enough. */
function shownMillis(millis: number | undefined): string {
  return millis === undefined ? "-" : String(Number(millis.toPrecision(millis < 100 ? 2 : 3)));
}
