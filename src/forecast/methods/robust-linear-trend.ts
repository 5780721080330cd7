import { RollingMedian } from "../../math/rolling-median.ts";
import { theilSen } from "../../math/theil-sen.ts";
import type { Method } from "../method.ts";

/** Looks back this far at most unless asked otherwise. */
const MAX_DEFAULT_WINDOW_STEPS = 240;
/** The line is drawn through the medians of this many blocks, so that it costs the same however long the window is. */
const BLOCKS = 32;

/**
 * Robust linear trend: the Theil-Sen line through medians of blocks of the last `window` steps, continued undamped. Outliers and a short
 * break do not tilt it. Points are kept when they come in; the line is drawn when it is asked for.
 */
export const robustLinearTrend: Method = {
  name: "robust-linear-trend",
  fit(history, parameters) {
    const window = parameters.window ?? Math.min(MAX_DEFAULT_WINDOW_STEPS, history.values.length);
    const ring = new Float64Array(window).fill(Number.NaN);
    let next = 0;
    let line: { slope: number; intercept: number } | undefined;
    const update = (value: number): void => {
      ring[next] = value;
      next = (next + 1) % window;
      line = undefined;
    };
    for (const value of history.values) update(value);
    const valueAt = (position: number): number => ring[(next + position) % window] as number;
    let before = { slope: 0, intercept: 0 };
    return {
      update,
      at(steps) {
        if (line === undefined) {
          const points = blockMedians(window, valueAt);
          line = points.length > 0 ? theilSen(points) : before;
          before = line;
        }
        return line.intercept + line.slope * steps;
      },
    };
  },
};

/** Middle and median of each block of the window, blocks of gaps left out. The newest step is 0, older ones are negative. */
function blockMedians(window: number, valueAt: (position: number) => number): [number, number][] {
  const size = Math.ceil(window / BLOCKS);
  const points: [number, number][] = [];
  for (let from = window % size; from < window; from += size) {
    const median = new RollingMedian(size);
    let positions = 0;
    let count = 0;
    for (let position = from; position < from + size; position++) {
      const value = valueAt(position);
      if (Number.isNaN(value)) continue;
      median.push(value);
      positions += position + 1 - window;
      count++;
    }
    if (count > 0) points.push([positions / count, median.median]);
  }
  return points;
}
