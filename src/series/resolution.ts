import { DAY_SECONDS } from "./time-slots.ts";

/** One grid that a series is kept on: a value every `stepSeconds`, the last `capacity` of them. */
export interface Resolution {
  readonly stepSeconds: number;
  readonly capacity: number;
}

const HOUR_SECONDS = 3600;

/** The finest tier holds an hour, but never too few points to fit a model and never more than are worth fitting. */
const FINEST_SPAN_SECONDS = HOUR_SECONDS;
const FINEST_POINTS = { least: 360, most: 1000 };
/** What shows a daily season: two days and a little. Where so many points will do, the finest tier holds that long. */
const SEASONAL_SPAN_SECONDS = 2.5 * DAY_SECONDS;

/** What is kept beyond that: minutes for a day, quarters of an hour for a month. */
const COARSE_TIERS: readonly Resolution[] = [
  { stepSeconds: 60, capacity: DAY_SECONDS / 60 },
  { stepSeconds: 15 * 60, capacity: (30 * DAY_SECONDS) / (15 * 60) },
];

/**
 * The tiers of a series that is sampled every `baseStepSeconds`, finest first: base steps for an hour, minutes for a
 * day, quarters of an hour for a month. A tier that would be no coarser than the base is none of its own: the base tier
 * then reaches as far back as it would have.
 */
export function defaultResolutions(baseStepSeconds: number): readonly Resolution[] {
  if (!(baseStepSeconds > 0 && baseStepSeconds < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`baseStepSeconds: expected a positive number of seconds, got ${baseStepSeconds}`);
  }
  const points = Math.ceil(FINEST_SPAN_SECONDS / baseStepSeconds);
  const seasonal = Math.ceil(SEASONAL_SPAN_SECONDS / baseStepSeconds);
  const least =
    seasonal <= FINEST_POINTS.most ? Math.max(seasonal, FINEST_POINTS.least) : FINEST_POINTS.least;
  let capacity = Math.min(Math.max(points, least), FINEST_POINTS.most);
  for (const tier of COARSE_TIERS) {
    if (tier.stepSeconds <= baseStepSeconds) {
      capacity = Math.max(capacity, Math.ceil((tier.capacity * tier.stepSeconds) / baseStepSeconds));
    }
  }
  const coarser = COARSE_TIERS.filter((tier) => tier.stepSeconds > baseStepSeconds);
  return [{ stepSeconds: baseStepSeconds, capacity }, ...coarser];
}

/** Throws a `RangeError` that says what is wrong with a list of tiers; they must run from fine to coarse. */
export function checkResolutions(resolutions: readonly Resolution[]): void {
  if (resolutions.length === 0) throw new RangeError("resolutions: expected at least one, got none");
  let before = 0;
  for (const { stepSeconds, capacity } of resolutions) {
    if (!(stepSeconds > before && stepSeconds < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`stepSeconds: expected a number of seconds above ${before}, got ${stepSeconds}`);
    }
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity: expected a whole number of at least 1, got ${capacity}`);
    }
    before = stepSeconds;
  }
}
