import type { History } from "../../core/history.ts";
import { horizonGrid, positionOn } from "../backtest/horizon-grid.ts";
import { walk } from "../backtest/walk.ts";
import type { FittedForecaster } from "../method.ts";
import { findSeasons } from "../seasons/find-seasons.ts";
import { Blend, blendedErrors } from "./blend.ts";
import { MeanUse } from "./mean-use.ts";
import { bridgeGaps, RunningTotal } from "./running-total.ts";
import { SeasonalUse } from "./seasonal-use.ts";
import { useWeights } from "./use-weights.ts";

/** The maximum number of points that members see before they are tested. */
const MAX_WARM_UP_POINTS = 24;
/** Spans of the means, each four times the one before. The whole history is one more. */
const SPANS_STEPS = [6, 24, 96, 384, 1536];

/**
 * `auto` for a running total. It removes the seasons from the use in each step, and blends the mean
 * use of the rest over short to long spans. A median forecast of each step would be wrong, because
 * bursts add up to their mean. Needs a history that begins with a valid point.
 */
export function fitTotal(
  history: History & { readonly values: Float64Array },
  horizonSteps: number,
): FittedForecaster {
  const total = bridgeGaps(history.values);
  const seasons = findSeasons({ ...history, values: usedInEachStep(total) });
  const adjusted = runningTotal(seasons.adjusted);
  const start = Math.max(1, Math.min(MAX_WARM_UP_POINTS, adjusted.length >> 2));
  const spans = [...SPANS_STEPS.filter((span) => span < adjusted.length / 2), Number.POSITIVE_INFINITY];
  const methods = spans.map((span) => meanUseOf(span, adjusted.subarray(0, start)));
  const walks = walk(methods, adjusted, start, horizonSteps);
  const horizons = horizonGrid(horizonSteps);
  const weights = useWeights({ spans, walks, testedSteps: adjusted.length - start }, horizons);
  const weightsAt = (horizon: number): Float64Array =>
    weights[positionOn(horizons, horizon).above] as Float64Array;
  const last = total.at(-1) as number;
  const blend = new Blend(methods, horizons, weights);
  const withSeasons = new SeasonalUse(blend, seasons.patterns, last, adjusted.at(-1) as number);
  return {
    description: describe(
      spans,
      weightsAt((walks[walks.length >> 1] as { horizon: number }).horizon),
      seasons.patterns,
    ),
    fitted: new RunningTotal(withSeasons, {
      last,
      gap: history.values.length - total.length,
      seen: history.values.length,
    }),
    testedFrom: start,
    errors: walks.map((walked) => blendedErrors(walked, weightsAt(walked.horizon))),
  };
}

function meanUseOf(span: number, values: Float64Array): MeanUse {
  const mean = new MeanUse(span);
  for (const value of values) mean.update(value);
  return mean;
}

/** The use before the first point is unknown. It is set to that of the step after. */
function usedInEachStep(total: Float64Array): Float64Array {
  const used = total.map((value, index) => value - (total[Math.max(0, index - 1)] as number));
  if (used.length > 1) used[0] = used[1] as number;
  return used;
}

function runningTotal(used: Float64Array): Float64Array {
  let sum = 0;
  return used.map((value) => (sum += value));
}

/**
 * For example `auto: mean-use(96), season 144`: the span with the largest weight, and the periods.
 */
function describe(
  spans: readonly number[],
  weights: Float64Array,
  patterns: readonly { readonly period: number }[],
): string {
  const span = spans[weights.indexOf(Math.max(...weights))] as number;
  const season = patterns.length > 0 ? `, season ${patterns.map(({ period }) => period).join(" + ")}` : "";
  return `auto: ${Number.isFinite(span) ? `mean-use(${span})` : "mean-use"}${season}`;
}
