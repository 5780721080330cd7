import { type Estimate, fitScalability, type ScalabilityPoint } from "../math/scalability-law.ts";
import { studentQuantile } from "../math/student-quantile.ts";
import { INTERVAL_LEVEL } from "../metrics/forecast-metrics.ts";

/** A number and where it lies with a probability of `level`. */
export interface Bounded {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** How an agent's throughput answers to concurrency. What the data cannot tell is absent. */
export interface Scalability {
  /** Share of the work that waits its turn. */
  readonly contention?: Bounded;
  /** What each pair of tasks costs to be kept in agreement. */
  readonly coherence?: Bounded;
  /** Tasks at once beyond which throughput falls. */
  readonly peakConcurrency?: Bounded;
}

/** Levels of concurrency that must have been seen. */
const MIN_LEVELS = 6;
/** The highest of them over the lowest. */
const MIN_SPREAD = 4;
/** Share of the variance of the throughput that the law must explain. */
const MIN_EXPLAINED = 0.9;
/** Half the width of contention's interval at most: wider ones say nothing. */
const MAX_CONTENTION_MARGIN = 0.1;
/** A peak that lies further beyond what was seen, or is known less well than to this factor, is a guess. */
const MAX_PEAK_BEYOND = 3;
const MAX_PEAK_FACTOR = 2;

/** What the points tell of an agent's scalability, nothing for as long as they cannot. */
export function scalabilityOf(points: readonly ScalabilityPoint[]): Scalability {
  const seen = points.map(({ concurrency }) => concurrency);
  const highest = Math.max(...seen);
  if (points.length < MIN_LEVELS || highest < MIN_SPREAD * Math.min(...seen)) return {};
  const fit = fitScalability(points);
  if (fit === undefined || !(fit.explained >= MIN_EXPLAINED)) return {};
  const quantile = studentQuantile((1 + INTERVAL_LEVEL) / 2, fit.degreesOfFreedom);
  const margin = quantile * fit.contention.standardError;
  if (!(margin <= MAX_CONTENTION_MARGIN)) return {};
  return {
    contention: bounded(fit.contention, quantile),
    coherence: bounded(fit.coherence, quantile),
    ...peak(fit.peak, quantile, highest),
  };
}

function bounded({ value, standardError }: Estimate, quantile: number): Bounded {
  const margin = quantile * standardError;
  return { value, lower: Math.max(0, value - margin), upper: value + margin };
}

/** A factor each way: a peak lies nearer to what was seen than to infinity. */
function peak(found: Estimate | undefined, quantile: number, highest: number): { peakConcurrency?: Bounded } {
  if (found === undefined || found.value > MAX_PEAK_BEYOND * highest) return {};
  const factor = Math.exp((quantile * found.standardError) / found.value);
  if (!(factor <= MAX_PEAK_FACTOR)) return {};
  return {
    peakConcurrency: { value: found.value, lower: found.value / factor, upper: found.value * factor },
  };
}
