import type { FittedMethod, Method } from "../method.ts";
import { findSeasons } from "../seasons/find-seasons.ts";
import { seasonallyAdjusted } from "../seasons/seasonally-adjusted.ts";
import { bestAlpha, exponentialSmoothing } from "./exponential-smoothing.ts";

/**
 * Theta method: exponential smoothing of the seasonally adjusted series, with half the slope of its
 * least squares line as drift. It won the M3 competition. This is the form of Hyndman and Billah
 * (2003), as in R's `thetaf`. https://robjhyndman.com/papers/Theta.pdf
 */
export const theta: Method = {
  name: "theta",
  fit(history, parameters) {
    const { adjusted, patterns } = findSeasons(history);
    const alpha = parameters.alpha ?? bestAlpha(adjusted);
    const level = exponentialSmoothing.fit({ ...history, values: adjusted }, { alpha });
    return seasonallyAdjusted(withHalfSlope(level, alpha, adjusted), patterns);
  },
};

function withHalfSlope(level: FittedMethod, alpha: number, values: Float64Array): FittedMethod {
  const line = new GrowingLine();
  for (const value of values) line.push(value);
  return {
    update(value) {
      level.update(value);
      line.push(value);
    },
    at(steps) {
      const lag = (1 - (1 - alpha) ** line.steps) / alpha;
      return level.at(steps) + (line.slope / 2) * (steps - 1 + lag);
    },
  };
}

/** Least squares slope of all points so far, in constant time a point. */
class GrowingLine {
  steps = 0;
  #count = 0;
  #meanX = 0;
  #meanY = 0;
  #xx = 0;
  #xy = 0;

  push(value: number): void {
    const x = this.steps++;
    if (Number.isNaN(value)) return;
    this.#count++;
    const dx = x - this.#meanX;
    this.#meanX += dx / this.#count;
    this.#meanY += (value - this.#meanY) / this.#count;
    this.#xx += dx * (x - this.#meanX);
    this.#xy += dx * (value - this.#meanY);
  }

  get slope(): number {
    return this.#xx > 0 ? this.#xy / this.#xx : 0;
  }
}
