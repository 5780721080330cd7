import type { ExponentialBuckets } from "./metric-point.ts";

/** The scales that the data model of OpenTelemetry allows. */
const MIN_SCALE = -11;
const MAX_SCALE = 20;

/**
 * Whether the buckets of an exponential histogram have the scale and the offsets that OpenTelemetry's data
 * model allows: offsets are integers of 32 bits. Beyond them, neighbouring buckets may have the same index,
 * and a loop over indexes never ends.
 */
export function isInExponentialRange({
  scale,
  positive,
  negative,
}: {
  readonly scale: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
}): boolean {
  if (!(Number.isInteger(scale) && scale >= MIN_SCALE && scale <= MAX_SCALE)) return false;
  return isInt32(positive.offset) && isInt32(negative.offset);
}

function isInt32(number: number): boolean {
  return (number | 0) === number;
}
