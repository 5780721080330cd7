import { medianSorted } from "simple-statistics";

/**
 * Theil-Sen line: its slope is the median of the slopes between all pairs of points, its intercept
 * the median of the residuals. Up to 29 % of the points may be outliers. For fewer than two points
 * the slope is 0. O(points^2). https://en.wikipedia.org/wiki/Theil-Sen_estimator
 */
export function theilSen(points: readonly (readonly [x: number, y: number])[]): {
  slope: number;
  intercept: number;
} {
  const slopes: number[] = [];
  for (let right = 1; right < points.length; right++) {
    const [x2, y2] = points[right] as readonly [number, number];
    for (let left = 0; left < right; left++) {
      const [x1, y1] = points[left] as readonly [number, number];
      if (x1 !== x2) slopes.push((y2 - y1) / (x2 - x1));
    }
  }
  const slope = medianOf(slopes);
  return { slope, intercept: medianOf(points.map(([x, y]) => y - slope * x)) };
}

function medianOf(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : medianSorted(Float64Array.from(numbers).sort() as unknown as number[]);
}
