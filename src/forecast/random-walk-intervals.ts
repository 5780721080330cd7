import type { Intervals } from "./method.ts";

/** Normal quantiles of 0.9 and 0.975. */
const Z80 = 1.2815515655446004;
const Z95 = 1.959963984540054;

/**
 * Intervals of a random walk: normal, with the root mean square of the steps from point to point, growing with the root of
 * time. What naive forecasts bear everywhere, R's `naive` among others. https://otexts.com/fpp3/prediction-intervals.html
 */
export function randomWalkIntervals(values: Float64Array): Intervals {
  let squares = 0;
  let count = 0;
  for (let index = 1; index < values.length; index++) {
    const step = (values[index] as number) - (values[index - 1] as number);
    if (Number.isNaN(step)) continue;
    squares += step * step;
    count++;
  }
  const deviation = count > 0 ? Math.sqrt(squares / count) : 0;
  return {
    at(steps) {
      const spread = deviation * Math.sqrt(steps);
      return {
        lower95: -Z95 * spread,
        lower80: -Z80 * spread,
        upper80: Z80 * spread,
        upper95: Z95 * spread,
      };
    },
  };
}
