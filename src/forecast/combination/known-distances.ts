import type { HorizonWalk } from "../backtest/horizon-tests.ts";

/** The distance from the newest values is new from this share of the largest known one on. */
const NEW_FROM = 0.8;
/** It is quite new this much further. */
const NEW_OVER = 0.4;
/** The error over naive's of a forecast that has no evidence. */
const UNKNOWN_RATIO = 1.5;
/** The weight of that ratio, in forecasts. */
const UNKNOWN_FORECASTS = 3;
/** Forecasts from this share of the distance on are evidence for it. */
const SIMILAR_FROM = 0.5;
const NEGLIGIBLE = 1e-9;

/** What the backtest at one horizon says of all members. */
export interface KnownRatios {
  /** Their errors over that of the first. */
  readonly ratios: Float64Array;
  /** The mean absolute error of the first. */
  readonly usualError: number;
}

/**
 * Corrects the error ratio of a member for a state that its backtest does not know. A long median
 * may have the least error in the past, and still know nothing about a level that the series has
 * just moved to. What counts is the distance between the member's forecast and the newest values. If
 * it is larger than in the backtest, only the forecasts from similar distances are evidence, and
 * without these the member is worse than naive.
 *
 * @param distance How far the forecast is from the newest values now.
 */
export function ratioAtDistance(
  { actual, predicted }: HorizonWalk,
  { ratios, usualError }: KnownRatios,
  member: number,
  distance: number,
): number {
  const size = ratios.length;
  const ratio = ratios[member] as number;
  const largest = largestDistance(predicted, size, member, distance / NEW_FROM);
  const newness = Math.min(1, (distance / largest - NEW_FROM) / NEW_OVER);
  if (newness <= 0) return ratio;
  const similar = SIMILAR_FROM * distance;
  const unknown = UNKNOWN_FORECASTS * Math.max(usualError, similar);
  let own = UNKNOWN_RATIO * unknown;
  let naive = unknown;
  for (let origin = 0; origin < actual.length; origin++) {
    const value = actual[origin] as number;
    const forecast = predicted[origin * size + member] as number;
    const ofNaive = predicted[origin * size] as number;
    const likeness = Math.min(1, Math.abs(forecast - ofNaive) / similar);
    // Nearer ones lose weight with the fourth power.
    const weight = likeness * likeness * likeness * likeness;
    own += weight * Math.abs(value - forecast);
    naive += weight * Math.abs(value - ofNaive);
  }
  return ratio + newness * Math.max(0, own / naive - ratio);
}

/**
 * How far the forecasts of a member were at most from those of naive. It looks no further once they
 * were far enough.
 */
function largestDistance(predicted: Float64Array, size: number, member: number, enough: number): number {
  let largest = NEGLIGIBLE;
  for (let first = 0; first < predicted.length && largest < enough; first += size) {
    const distance = Math.abs((predicted[first + member] as number) - (predicted[first] as number));
    if (distance > largest) largest = distance;
  }
  return largest;
}

/**
 * How far a forecast is from the newest values: from the nearest of them if all are on one side,
 * otherwise 0.
 */
export function distanceFrom(newest: readonly number[], forecast: number): number {
  let distance = Number.POSITIVE_INFINITY;
  let side = 0;
  for (let index = 0; index < newest.length; index++) {
    const away = forecast - (newest[index] as number);
    if (side !== 0 && Math.sign(away) !== side) return 0;
    side = Math.sign(away);
    distance = Math.min(distance, Math.abs(away));
  }
  return Number.isFinite(distance) ? distance : 0;
}

/**
 * The newest values that a change of level must have lasted for: two, so that one outlier is none.
 * After a constant one is enough, because a constant has no outliers.
 */
export function newestOf(values: Float64Array): number[] {
  let known = 0;
  let first = Number.NaN;
  let changedAt = -1;
  let before = Number.NaN;
  let last = Number.NaN;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    if (known === 0) first = value;
    if (changedAt < 0 && value !== first) changedAt = known;
    known++;
    before = last;
    last = value;
  }
  if (known === 0) return [];
  return known === 1 || changedAt === known - 1 ? [last] : [before, last];
}
