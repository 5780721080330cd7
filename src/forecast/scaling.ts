import { medianSorted } from "simple-statistics";

/** Beyond this a value counts as this, so that differences of two values stay finite. */
const LARGEST_VALUE = 1e300;
/** Points further off than this many scales are drawn in: their squares must stay summable. */
const FURTHEST_SCALES = 1e9;

/**
 * Takes a series to units in which its middle is 0 and its usual distance from it about 1, and forecasts back. Methods see only such
 * numbers, which makes them equivariant to shift and scale, and safe from overflow and underflow.
 */
export interface Scaling {
  scale(value: number): number;
  restore(scaled: number): number;
}

/** Scaling by median and mean absolute deviation from it; by the LARGEST_VALUE deviation where outliers swamp that. */
export function scalingOf(values: readonly number[] | Float64Array): Scaling {
  const sorted = Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .map(held)
    .sort();
  const middle = sorted.length > 0 ? medianSorted(sorted as unknown as number[]) : 0;
  const distances = sorted.map((value) => Math.abs(value - middle)).sort();
  const unit = usualDistance(distances);
  return {
    scale(value) {
      if (!Number.isFinite(value)) return Number.NaN;
      const scaled = (held(value) - middle) / unit;
      return Math.min(FURTHEST_SCALES, Math.max(-FURTHEST_SCALES, scaled));
    },
    restore(scaled) {
      return held(middle + scaled * unit);
    },
  };
}

function held(value: number): number {
  return Math.min(LARGEST_VALUE, Math.max(-LARGEST_VALUE, value));
}

/** Mean of the lower nine tenths of the distances; where that is nothing, the LARGEST_VALUE; where that is too, 1. */
function usualDistance(distances: Float64Array): number {
  const kept = Math.max(1, Math.floor(distances.length * 0.9));
  let mean = 0;
  for (let index = 0; index < kept && index < distances.length; index++) {
    mean += (distances[index] as number) / kept;
  }
  return mean || distances.at(-1) || 1;
}
