import { AgeWeights } from "../age-weights.ts";
import type { HorizonWalk } from "../backtest/horizon-tests.ts";
import { distanceFrom, type KnownRatios, ratioAtDistance } from "./known-distances.ts";

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
 * A member with a very small weight has none. Members that expect a return to former values lose weight
 * in a state that the backtest does not know.
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
  // Of the expected ratios: their mean with measured ones is a geometric mean.
  const logarithms = Float64Array.from(members, ({ expectedRatio }) => Math.log(expectedRatio));
  const size = members.length;
  // One block of memory for all rows.
  const rows = new Float64Array((2 * walks.length + 2) * size);
  let end = 0;
  const nextRow = (): Float64Array => {
    end += size;
    return rows.subarray(end - size, end);
  };
  const errors = nextRow();
  const known = nextRow();
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
    const expected = nextRow();
    for (let member = 0; member < size; member++) {
      const measured = Math.log((errors[member] as number) / usualError);
      logarithms[member] = withExpected(measured, walked.actual.length, logarithms[member] as number);
      expected[member] = Math.exp(logarithms[member] as number);
    }
    writeRatiosNow(walked, { ratios: expected, usualError }, present, known);
    const losing = losingShare(expected, known, members);
    const given = withoutSmallest(weightsBy(known, members, nextRow()));
    changeShares.push(Math.max(gainingShare(given, members), losing));
    weights.push(given);
    ratios.push(expected);
    usualErrors.push(usualError);
  }
  return { weights, ratios, usualErrors, changeShares };
}

/** The error ratios of the members in the state in which they are. */
function writeRatiosNow(walked: HorizonWalk, known: KnownRatios, present: Present, into: Float64Array): void {
  for (let member = 0; member < into.length; member++) {
    const forecast = present.forecastAt(member, walked.horizon);
    const distance = present.hasSeen(forecast) ? distanceFrom(present.newest, forecast) : 0;
    into[member] =
      distance > 0 ? ratioAtDistance(walked, known, member, distance) : (known.ratios[member] as number);
  }
}

/** Twice the error gives a thirty-second of the weight: it falls with the fifth power. */
function weightsBy(
  ratios: Float64Array,
  members: readonly MemberPrior[],
  weights: Float64Array,
): Float64Array {
  let least = Number.POSITIVE_INFINITY;
  for (let member = 0; member < ratios.length; member++) least = Math.min(least, ratios[member] as number);
  for (let member = 0; member < ratios.length; member++) {
    const times = (ratios[member] as number) / least;
    const squared = times * times;
    weights[member] = (members[member] as MemberPrior).prior / (squared * squared * times);
  }
  return weights;
}

/** The share of the weights of members that know of a change. */
function gainingShare(weights: Float64Array, members: readonly MemberPrior[]): number {
  let gaining = 0;
  let sum = 0;
  for (let member = 0; member < weights.length; member++) {
    sum += weights[member] as number;
    if ((members[member] as MemberPrior).knowsChange === true) gaining += weights[member] as number;
  }
  return gaining / sum;
}

/** The share of the weights by errors alone of members whose ratio is another now. */
function losingShare(ratios: Float64Array, now: Float64Array, members: readonly MemberPrior[]): number {
  let weights: Float64Array | undefined;
  let losing = 0;
  for (let member = 0; member < ratios.length; member++) {
    if (now[member] === ratios[member]) continue;
    weights ??= weightsBy(ratios, members, new Float64Array(ratios.length));
    losing += weights[member] as number;
  }
  return weights === undefined ? 0 : losing / sumOf(weights);
}

/** Takes their weights from members that have too little. */
export function withoutSmallest(weights: Float64Array): Float64Array {
  const sum = sumOf(weights);
  for (let member = 0; member < weights.length; member++)
    if ((weights[member] as number) < LEAST_SHARE * sum) weights[member] = 0;
  return weights;
}

// Scratch: the weight of each error at one horizon.
let errorWeights = new Float64Array(0);

/** Mean absolute errors of the members, above 0. Recent errors count more. */
function meanErrors({ actual, predicted, age }: HorizonWalk, errors: Float64Array): void {
  const size = errors.length;
  if (errorWeights.length < actual.length) errorWeights = new Float64Array(2 * actual.length);
  let total = 0;
  for (let origin = 0; origin < actual.length; origin++) {
    errorWeights[origin] = ageWeights.of(age[origin] as number);
    total += errorWeights[origin] as number;
  }
  const weight = Math.max(NEGLIGIBLE_ERROR, total);
  // Each sum waits for its last addition: two sums side by side take hardly longer than one.
  for (let member = 0; member < size; member += 2) {
    const second = Math.min(member + 1, size - 1);
    let sum = 0;
    let secondSum = 0;
    for (let origin = 0; origin < actual.length; origin++) {
      const value = actual[origin] as number;
      const first = origin * size;
      sum += (errorWeights[origin] as number) * Math.abs(value - (predicted[first + member] as number));
      secondSum += (errorWeights[origin] as number) * Math.abs(value - (predicted[first + second] as number));
    }
    errors[member] = sum / weight + NEGLIGIBLE_ERROR;
    errors[second] = (second === member ? sum : secondSum) / weight + NEGLIGIBLE_ERROR;
  }
}

/**
 * The geometric mean of a measured ratio and an expected one, as logarithms, weighted by the number of
 * origins. A member that was nearly never wrong needs few origins to show it.
 */
function withExpected(measured: number, origins: number, expected: number): number {
  const share = origins / (origins + EXPECTED_ORIGINS);
  return share * measured + (1 - share) * expected;
}

export function sumOf(weights: Float64Array): number {
  let sum = 0;
  for (let member = 0; member < weights.length; member++) sum += weights[member] as number;
  return sum;
}
