import { type LeastSquares, leastSquares, type Residual } from "./least-squares.ts";

/** A throughput, and the concurrency that it was measured at. */
export interface ScalabilityPoint {
  /** Number of tasks in progress at the same time. */
  readonly concurrency: number;
  /** Tasks that ended per second. */
  readonly throughput: number;
  /** Reciprocal of the variance of the throughput, up to a common factor; default 1. */
  readonly weight?: number;
}

/** An estimate and its standard error, which is 0 when the value lies on its bound of 0. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** A fit of the Universal Scalability Law. */
export interface ScalabilityFit {
  /** Throughput at a concurrency of 1. */
  readonly lambda: Estimate;
  /** Sigma: the share of work that waits for others. */
  readonly contention: Estimate;
  /** Kappa: the cost of keeping each pair of tasks consistent. */
  readonly coherence: Estimate;
  /** The concurrency with the highest throughput; absent when throughput always rises. */
  readonly peak?: Estimate;
  /** Share of the variance of the throughput that the law explains. */
  readonly explained: number;
  readonly degreesOfFreedom: number;
}

/** Which of sigma and kappa are fitted. The others are 0. */
const SHAPES = [["sigma", "kappa"], ["sigma"], ["kappa"], []] as const satisfies readonly (readonly (
  | "sigma"
  | "kappa"
)[])[];

/**
 * Fits the Universal Scalability Law, throughput = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))
 * at a concurrency N. Weighted nonlinear least squares with sigma and kappa not below 0; standard
 * errors are linearised. `undefined` for fewer than four points, or when no fit is possible.
 * O(points) a step.
 *
 * N. J. Gunther, "A General Theory of Computational Scalability Based on Rational Functions",
 * https://arxiv.org/abs/0808.1431
 */
export function fitScalability(points: readonly ScalabilityPoint[]): ScalabilityFit | undefined {
  if (points.length < 4) return undefined;
  const fits = SHAPES.map((free) => ({ free, fit: fitShape(points, free) })).filter(
    ({ fit }) =>
      Number.isFinite(fit.sumOfSquares) && fit.parameters.every((value, i) => i === 0 || value >= 0),
  );
  fits.sort((a, b) => a.fit.sumOfSquares - b.fit.sumOfSquares);
  const best = fits[0];
  return best === undefined ? undefined : described(points, best.free, best.fit);
}

type Free = (typeof SHAPES)[number];

function fitShape(points: readonly ScalabilityPoint[], free: Free): LeastSquares {
  const rates = points.map(({ concurrency, throughput }) => throughput / concurrency);
  return leastSquares(
    (parameters) => points.map((point) => residual(point, parameters, free)),
    [Math.max(...rates), ...free.map((name) => (name === "sigma" ? 0.05 : 1e-3))],
  );
}

function residual(point: ScalabilityPoint, parameters: readonly number[], free: Free): Residual {
  const { concurrency: n, throughput, weight = 1 } = point;
  const [lambda = 0, ...rest] = parameters;
  const at = (name: "sigma" | "kappa"): number => rest[(free as readonly string[]).indexOf(name)] ?? 0;
  const slowdown = 1 + at("sigma") * (n - 1) + at("kappa") * n * (n - 1);
  const root = Math.sqrt(weight);
  const slopes = free.map((name) => {
    const by = name === "sigma" ? n - 1 : n * (n - 1);
    return (-root * lambda * n * by) / slowdown ** 2;
  });
  return { value: root * ((lambda * n) / slowdown - throughput), slopes: [(root * n) / slowdown, ...slopes] };
}

function described(points: readonly ScalabilityPoint[], free: Free, fit: LeastSquares): ScalabilityFit {
  const estimate = (name: "lambda" | "sigma" | "kappa"): Estimate => {
    const index = ["lambda", ...free].indexOf(name);
    if (index === -1) return { value: 0, standardError: 0 };
    return {
      value: fit.parameters[index] as number,
      standardError: Math.sqrt(covariance(fit, index, index)),
    };
  };
  const contention = estimate("sigma");
  const coherence = estimate("kappa");
  const peak = peakOf(contention.value, coherence.value, free, fit);
  return {
    lambda: estimate("lambda"),
    contention,
    coherence,
    ...(peak === undefined ? {} : { peak }),
    explained: 1 - fit.sumOfSquares / variation(points),
    degreesOfFreedom: points.length - fit.parameters.length,
  };
}

/**
 * The peak is at sqrt((1 - sigma) / kappa). Its standard error follows from theirs by the delta
 * method.
 */
function peakOf(sigma: number, kappa: number, free: Free, fit: LeastSquares): Estimate | undefined {
  if (kappa <= 0 || sigma >= 1) return undefined;
  const value = Math.sqrt((1 - sigma) / kappa);
  const slopes = free.map((name) => (name === "sigma" ? -value / (2 * (1 - sigma)) : -value / (2 * kappa)));
  let variance = 0;
  slopes.forEach((a, row) => {
    slopes.forEach((b, column) => {
      variance += a * b * covariance(fit, row + 1, column + 1);
    });
  });
  return { value, standardError: Math.sqrt(Math.max(0, variance)) };
}

function covariance(fit: LeastSquares, row: number, column: number): number {
  return (fit.covariance[row] as readonly number[])[column] as number;
}

/** Weighted sum of squares about the weighted mean. */
function variation(points: readonly ScalabilityPoint[]): number {
  const total = points.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const mean = points.reduce((sum, { throughput, weight = 1 }) => sum + weight * throughput, 0) / total;
  return points.reduce((sum, { throughput, weight = 1 }) => sum + weight * (throughput - mean) ** 2, 0);
}
