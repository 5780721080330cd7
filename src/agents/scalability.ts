import { type Estimate, fitScalability, type ScalabilityPoint } from "../math/scalability-law.ts";
import { studentQuantile } from "../math/student-quantile.ts";
import { INTERVAL_LEVEL } from "../metrics/forecast-metrics.ts";

/** An estimate with its interval, which is meant to hold 80 % of outcomes. */
export interface Bounded {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** How the throughput of an agent depends on concurrency. What the data does not show is absent. */
export interface Scalability {
  /** The share of the work that has to wait for other work. */
  readonly contention?: Bounded;
  /** The cost of keeping each pair of tasks consistent. */
  readonly coherence?: Bounded;
  /** The concurrency beyond which throughput falls. */
  readonly peakConcurrency?: Bounded;
}

/** The minimum of levels of concurrency. */
const MIN_LEVELS = 6;
/** The minimum ratio of the highest to the lowest level. */
const MIN_SPREAD = 4;
/** The minimum share of the variance of throughput that the law explains. */
const MIN_EXPLAINED = 0.9;
/** The maximum half width of the interval of contention. A wider interval is useless. */
const MAX_CONTENTION_MARGIN = 0.1;
/** The maximum ratio of the peak to the highest level. A peak further away is a guess. */
const MAX_PEAK_RATIO = 3;
/** The maximum ratio of the bounds of the peak to the peak. */
const MAX_PEAK_FACTOR = 2;

/** The scalability that the points show. Empty if they do not show it reliably. */
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

/** The interval is a factor in both directions: it reaches less far down than up. */
function peak(found: Estimate | undefined, quantile: number, highest: number): { peakConcurrency?: Bounded } {
  if (found === undefined || found.value > MAX_PEAK_RATIO * highest) return {};
  const factor = Math.exp((quantile * found.standardError) / found.value);
  if (!(factor <= MAX_PEAK_FACTOR)) return {};
  return {
    peakConcurrency: { value: found.value, lower: found.value / factor, upper: found.value * factor },
  };
}
