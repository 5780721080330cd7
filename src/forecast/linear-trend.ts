import { linearRegression } from "simple-statistics";
import { fewestPoints, type Method } from "./method.ts";

/**
 * Ordinary least squares line through the history, continued undamped, as Prometheus' `predict_linear` does. The window slides:
 * it stays as long as the history that was fitted. Position 0 is always the newest step. An update takes constant time; the
 * sums are made afresh once a window, so that rounding cannot pile up.
 */
export const linearTrend: Method = {
  name: "linear-trend",
  minimumPoints: fewestPoints,
  fit(history) {
    const window = Float64Array.from(history.values);
    const length = window.length;
    const points: [number, number][] = [];
    window.forEach((value, index) => {
      if (!Number.isNaN(value)) points.push([index + 1 - length, value]);
    });
    let { m: slope, b: level } = linearRegression(points);

    let sums = { count: 0, x: 0, xx: 0, y: 0, xy: 0 };
    const add = (x: number, y: number, sign: 1 | -1): void => {
      if (Number.isNaN(y)) return;
      sums.count += sign;
      sums.x += sign * x;
      sums.xx += sign * x * x;
      sums.y += sign * y;
      sums.xy += sign * x * y;
    };
    const resum = (): void => {
      sums = { count: 0, x: 0, xx: 0, y: 0, xy: 0 };
      window.forEach((value, index) => {
        add(index + 1 - length, value, 1);
      });
    };
    resum();
    /** Everything is one step further back than before: x becomes x - 1. */
    const shift = (): void => {
      sums.xy -= sums.y;
      sums.xx += sums.count - 2 * sums.x;
      sums.x -= sums.count;
    };
    const solve = (): void => {
      if (sums.count === 0) return;
      const spread = sums.count * sums.xx - sums.x * sums.x;
      slope = spread > 0 ? (sums.count * sums.xy - sums.x * sums.y) / spread : 0;
      level = (sums.y - slope * sums.x) / sums.count;
    };

    let oldest = 0;
    return {
      update(value) {
        add(1 - length, window[oldest] as number, -1);
        shift();
        window[oldest] = value;
        oldest = (oldest + 1) % length;
        if (oldest === 0) resum();
        else add(0, value, 1);
        solve();
      },
      predict(steps) {
        return Float64Array.from({ length: steps }, (_, index) => level + slope * (index + 1));
      },
    };
  },
};
