import { AgeWeights } from "../age-weights.ts";
import type { HorizonWalk } from "../backtest/horizon-tests.ts";
import { distanceFrom, ratioAtDistance } from "./known-distances.ts";

/** The power of the error in a weight: twice the error gives a thirty-second of the weight. */
const SHARPNESS = 5;
/** A horizon with fewer origins has too little evidence of its own. */
const MIN_ORIGINS = 12;
/** The weight of the expected error ratio, in origins. */
const EXPECTED_ORIGINS = 15;
/** The weight of an error halves after this many points. */
const ageWeights = new AgeWeights(100);
/** A member with less than this share of all weights has none: it hardly ever moves the median. */
const LEAST_SHARE = 0.03;
/** Prevents a division by 0 for a member without errors; values are of the order of 1. */
const NEGLIGIBLE_ERROR = 1e-12;

/** What is known of a member before the backtest. */
export interface MemberPrior {
  /** Its weight factor. */
  readonly prior: number;
  /** Its error over that of the first member. */
  readonly expectedRatio: number;
  /** Whether its weight factor is larger because it knows of a change. Absent: no. */
  readonly knowsChange?: boolean;
}

/** The weights of the members at each horizon, and what they were weighed by. */
export interface WeighedHorizons {
  readonly weights: Float64Array[];
  /** The errors over that of the first member, where few origins count little. */
  readonly ratios: Float64Array[];
  /** The mean absolute error of the first member, above 0. */
  readonly usualErrors: number[];
  /**
   * How much of the weights a change decides that the backtest does not know, from 0 to 1: those of the
   * members that lose weight because of it, or of those that gain.
   */
  readonly changeShares: number[];
}

/** The state of the series at its end. */
export interface Present {
  /** The values that a change of level must have lasted for. */
  readonly newest: readonly number[];
  /** Whether a value lies among those that the series ever had. */
  hasSeen(value: number): boolean;
  /** The forecast of a member at a horizon, in steps. */
  forecastAt(member: number, horizon: number): number;
}

/**
 * The weight of each member at each horizon: its mean absolute error relative to that of the first
 * member, to the power of minus 5, times its prior. Few origins say little, so the ratio that is
 * expected counts too: at the first horizon that of the member, and at each other that of the horizon
 * before. A horizon with too few origins has the weights of the one before.
 *
 * A member with a very small weight has none. Members that expect a return to former values lose weight in a state that the backtest does not
 * know.
 */
export function memberWeights(
  walks: readonly HorizonWalk[],
  members: readonly MemberPrior[],
  present: Present,
): WeighedHorizons {
  const weights: Float64Array[] = [];
  const ratios: Float64Array[] = [];
  const usualErrors: number[] = [];
  const changeShares: number[] = [];
  const expected = Float64Array.from(members, ({ expectedRatio }) => expectedRatio);
  const errors = new Float64Array(members.length);
  for (const walked of walks) {
    const last = weights.length - 1;
    if (last >= 0 && walked.actual.length < MIN_ORIGINS) {
      weights.push(weights[last] as Float64Array);
      ratios.push(ratios[last] as Float64Array);
      usualErrors.push(usualErrors[last] as number);
      changeShares.push(changeShares[last] as number);
      continue;
    }
    meanErrors(walked, errors);
    const usualError = errors[0] ?? 0;
    for (let member = 0; member < errors.length; member++) {
      const ratio = (errors[member] as number) / usualError;
      expected[member] = withExpected(ratio, walked.actual.length, expected[member] as number);
    }
    const known = ratiosNow(walked, { ratios: expected, usualError }, present);
    const given = withoutSmallest(weightsBy(known, members));
    const gaining = shareOf(given, (member) => members[member]?.knowsChange === true);
    changeShares.push(Math.max(gaining, losingShare(expected, known, members)));
    weights.push(given);
    ratios.push(expected.slice());
    usualErrors.push(usualError);
  }
  return { weights, ratios, usualErrors, changeShares };
}

/** The error ratios of the members in the state in which they are. */
function ratiosNow(
  walked: HorizonWalk,
  { ratios, usualError }: { readonly ratios: Float64Array; readonly usualError: number },
  present: Present,
): Float64Array {
  return ratios.map((ratio, member) => {
    const forecast = present.forecastAt(member, walked.horizon);
    if (!present.hasSeen(forecast)) return ratio;
    const distance = distanceFrom(present.newest, forecast);
    return ratioAtDistance(walked, { member, size: ratios.length }, { ratio, distance, usualError });
  });
}

function weightsBy(ratios: Float64Array, members: readonly MemberPrior[]): Float64Array {
  const least = Math.min(...ratios);
  return ratios.map((ratio, member) => (members[member]?.prior ?? 0) * (ratio / least) ** -SHARPNESS);
}

/** The share of the weights by errors alone of members whose ratio is another now. */
function losingShare(ratios: Float64Array, now: Float64Array, members: readonly MemberPrior[]): number {
  const loses = (member: number): boolean => now[member] !== ratios[member];
  return now.some((_, member) => loses(member)) ? shareOf(weightsBy(ratios, members), loses) : 0;
}

function shareOf(weights: Float64Array, isMeant: (member: number) => boolean): number {
  let meant = 0;
  let sum = 0;
  for (let member = 0; member < weights.length; member++) {
    sum += weights[member] as number;
    if (isMeant(member)) meant += weights[member] as number;
  }
  return meant / sum;
}

/** Takes their weights from members that have too little. */
export function withoutSmallest(weights: Float64Array): Float64Array {
  let sum = 0;
  for (let member = 0; member < weights.length; member++) sum += weights[member] as number;
  for (let member = 0; member < weights.length; member++)
    if ((weights[member] as number) < LEAST_SHARE * sum) weights[member] = 0;
  return weights;
}

/** Mean absolute errors of the members, above 0. Recent errors count more. */
function meanErrors({ actual, predicted, age }: HorizonWalk, errors: Float64Array): void {
  const size = errors.length;
  let total = 0;
  errors.fill(0);
  for (let origin = 0; origin < actual.length; origin++) {
    const value = actual[origin] as number;
    const weight = ageWeights.of(age[origin] as number);
    total += weight;
    for (let member = 0; member < size; member++) {
      (errors[member] as number) += weight * Math.abs(value - (predicted[origin * size + member] as number));
    }
  }
  for (let member = 0; member < size; member++)
    errors[member] = (errors[member] as number) / Math.max(NEGLIGIBLE_ERROR, total) + NEGLIGIBLE_ERROR;
}

/**
 * The geometric mean of a measured ratio and an expected one, weighted by the number of origins. A
 * member that was nearly never wrong needs few origins to show it.
 */
function withExpected(ratio: number, origins: number, expected: number): number {
  const share = origins / (origins + EXPECTED_ORIGINS);
  return ratio ** share * expected ** (1 - share);
}
