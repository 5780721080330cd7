import { DAY_SECONDS, HOUR_SECONDS } from "../core/durations.ts";

/**
 * One resolution of a series: a value every `stepSeconds`, of which the last `capacity` are stored.
 */
export interface Resolution {
  readonly stepSeconds: number;
  readonly capacity: number;
}

/** The finest tier holds an hour, within the limits of points below. */
const FINEST_SPAN_SECONDS = HOUR_SECONDS;
const FINEST_POINTS = { least: 360, most: 1000 };
/**
 * A daily season needs a little over two days. When that takes few enough points, the finest tier
 * holds so much.
 */
const SEASONAL_SPAN_SECONDS = 2.5 * DAY_SECONDS;

/** The coarser tiers: minutes for a day, quarters of an hour for a month. */
const COARSE_TIERS: readonly Resolution[] = [
  { stepSeconds: 60, capacity: DAY_SECONDS / 60 },
  { stepSeconds: 15 * 60, capacity: (30 * DAY_SECONDS) / (15 * 60) },
];

/**
 * The tiers of a series that is sampled every `baseStepSeconds`, finest first: base steps for an
 * hour, minutes for a day, quarters of an hour for a month. A tier that is no coarser than the base
 * is left out; the base tier then covers its span.
 *
 * @throws RangeError when `baseStepSeconds` is not a positive number.
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

/**
 * Checks a list of tiers, which must be in order from fine to coarse.
 *
 * @throws RangeError with the field, what was expected and what was found.
 */
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
