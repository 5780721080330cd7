import type { PredictedPath } from "../../core/model.ts";

/** Digits of a forecast beyond the first digit of the width of its interval. */
const DIGITS_OF_WIDTH = 4;
/** Digits of a forecast without any width, whose last digits are rounding errors. */
const MAX_DIGITS = 12;

/**
 * A forecast without the digits that mean nothing: a ten-thousandth of the interval is the last
 * digit. All numbers have the same last digit, so that bounds stay in order.
 */
export function roundedPath(path: PredictedPath): PredictedPath {
  const arrays = Object.values(path) as Float64Array[];
  const largest = Math.max(...arrays.map((values) => largestOf(values)));
  const width = largestOf(path.upper95.map((upper, index) => upper - (path.lower95[index] as number)));
  const byWidth = powerOf(width) - DIGITS_OF_WIDTH;
  const last = Math.max(byWidth, powerOf(largest) - MAX_DIGITS);
  const round = (values: Float64Array): Float64Array => values.map((value) => roundedTo(value, last));
  return {
    mean: round(path.mean),
    lower80: round(path.lower80),
    upper80: round(path.upper80),
    lower95: round(path.lower95),
    upper95: round(path.upper95),
  };
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** The power of ten of the first digit. */
function powerOf(value: number): number {
  return value > 0 && Number.isFinite(value) ? Math.floor(Math.log10(value)) : Number.NEGATIVE_INFINITY;
}

/** Rounds at a power of ten. Text has no rounding error of its own. */
function roundedTo(value: number, power: number): number {
  if (!Number.isFinite(value) || !Number.isFinite(power)) return value;
  const digits = Math.floor(Math.log10(Math.abs(value))) - power + 1;
  if (!(digits >= 1)) return Math.abs(value) < 10 ** power / 2 ? 0 : Math.sign(value) * 10 ** power;
  return Number(value.toPrecision(Math.min(100, digits)));
}
