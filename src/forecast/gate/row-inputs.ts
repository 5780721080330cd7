import type { Evidence } from "../combination/evidence.ts";
import { sumOf } from "../combination/member-weights.ts";
import { type Measure, seen } from "./series-inputs.ts";

const NUMBERS = 5;
/** Of each method: its error, its forecast, its weight by errors. */
const OF_METHOD = 3;
const LARGEST_LOG = 4;
/** A weight of 0 has a logarithm with this. */
export const LEAST_WEIGHT = 1e-3;

/** How many inputs the gate has for each horizon. */
export function rowInputs(methods: number): number {
  return NUMBERS + OF_METHOD * methods;
}

/**
 * Writes what the gate is shown of one horizon. Beyond the tested ones it is the evidence of the last
 * tested one, with the forecasts at the horizon.
 *
 * @param row The number of the tested horizon.
 */
export function writeRowInputs(
  evidence: Evidence,
  { row, horizon, measure }: { readonly row: number; readonly horizon: number; readonly measure: Measure },
  into: Float32Array,
): void {
  const { values, walks, forecastAt } = evidence;
  const weights = evidence.weights[row] as Float64Array;
  const ratios = evidence.ratios[row] as Float64Array;
  const tested = walks[row] as Evidence["walks"][number];
  const { last, unit } = measure;
  into[0] = Math.log(horizon);
  into[1] = Math.log(horizon / values.length);
  into[2] = Math.log(1 + tested.actual.length);
  into[3] = horizon <= tested.horizon ? 1 : 0;
  into[4] = limited(Math.log((evidence.usualErrors[row] as number) / unit));
  const total = sumOf(weights);
  let place = NUMBERS;
  for (let method = 0; method < weights.length; method++) {
    into[place++] = limited(Math.log(ratios[method] as number));
    into[place++] = seen(forecastAt(method, horizon) - last, unit);
    into[place++] = Math.log((weights[method] as number) / total + LEAST_WEIGHT);
  }
}

function limited(logarithm: number): number {
  return Math.max(-LARGEST_LOG, Math.min(LARGEST_LOG, logarithm));
}
