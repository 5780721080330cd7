import type { Method } from "../method.ts";

const DEFAULT_WINDOW_STEPS = 12;

/**
 * Simple moving average: the mean of the last `window` steps (default 12), without gaps. During a
 * gap longer than the window the last mean stays. An update takes constant time. The sum is
 * recomputed once a window, so that rounding errors cannot add up.
 */
export const movingAverage: Method = {
  name: "moving-average",
  fit(history, parameters) {
    const window = parameters.window ?? DEFAULT_WINDOW_STEPS;
    const ring = new Float64Array(window).fill(Number.NaN);
    let next = 0;
    let sum = 0;
    let count = 0;
    let mean = 0;

    const recomputeSum = (): void => {
      sum = 0;
      count = 0;
      for (const value of ring) {
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
    };
    const update = (value: number): void => {
      const oldest = ring[next] as number;
      ring[next] = value;
      next = (next + 1) % window;
      if (next === 0) recomputeSum();
      else {
        if (!Number.isNaN(oldest)) {
          sum -= oldest;
          count--;
        }
        if (!Number.isNaN(value)) {
          sum += value;
          count++;
        }
      }
      if (count > 0) mean = sum / count;
    };
    for (const value of history.values) update(value);
    return { update, at: () => mean };
  },
};
