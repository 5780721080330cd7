import type { HorizonWalk } from "../backtest/horizon-tests.ts";

/** The power of the error in a weight when examples are many. */
const SHARPNESS = 10;
/** With this number of examples the errors count half. */
const HALF_SHARPNESS_EXAMPLES = 3;
/** The power of the span, in horizons, in a weight when there are no examples. */
const SPAN_POWER = 4;
/** With this number of examples the span counts half. */
const HALF_SPAN_EXAMPLES = 1;
/** A horizon with fewer origins has the errors of the horizon before. */
const MIN_ORIGINS = 12;
/** Prevents a division by 0 for a span without errors; values are of the order of 1. */
const NEGLIGIBLE_ERROR = 1e-12;

/** What is known of the spans. */
export interface TestedSpans {
  /** In steps; the last may be infinite. */
  readonly spans: readonly number[];
  readonly walks: readonly HorizonWalk[];
  /** The number of steps that were tested. */
  readonly testedSteps: number;
}

/**
 * The weights of the mean use over several spans, at each horizon. A span weighs more if its errors
 * were smaller. How much the errors count depends on how often the horizon fits into the tested
 * steps. Without such examples the long spans are trusted: a span that is shorter than the horizon
 * may be just a burst or a pause. So a forecast far ahead does not follow each burst.
 */
export function useWeights(
  { spans, walks, testedSteps }: TestedSpans,
  horizons: readonly number[],
): Float64Array[] {
  return horizons.map((horizon) => {
    const errors = meanErrors(walkFor(walks, horizon), spans.length);
    const least = Math.min(...errors);
    const examples = testedSteps / horizon;
    const sharpness = (SHARPNESS * examples) / (examples + HALF_SHARPNESS_EXAMPLES);
    const spanPower = (SPAN_POWER * HALF_SPAN_EXAMPLES) / (examples + HALF_SPAN_EXAMPLES);
    return normalised(
      errors.map((error, index) => {
        const spanShare = Math.min(1, (spans[index] as number) / horizon);
        return spanShare ** spanPower * (error / least) ** -sharpness;
      }),
    );
  });
}

/** The walk at the longest horizon up to this one that has enough origins. */
function walkFor(walks: readonly HorizonWalk[], horizon: number): HorizonWalk {
  const known = walks.findLast((one) => one.horizon <= horizon && one.actual.length >= MIN_ORIGINS);
  return known ?? (walks[0] as HorizonWalk);
}

function meanErrors({ actual, predicted }: HorizonWalk, size: number): Float64Array {
  const errors = new Float64Array(size);
  for (const [origin, value] of actual.entries()) {
    for (let member = 0; member < size; member++) {
      (errors[member] as number) += Math.abs(value - (predicted[origin * size + member] as number));
    }
  }
  return errors.map((error) => error / Math.max(1, actual.length) + NEGLIGIBLE_ERROR);
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((all, one) => all + one, 0);
  return weights.map((weight) => weight / sum);
}
