/** The grids so far, by their longest horizon: thousands of series have the same. */
const grids = new Map<number, readonly number[]>();

/** The horizons 1, 2, 4, 8, ... and the longest: dense where forecasts change quickly. */
export function horizonGrid(longest: number): readonly number[] {
  let grid = grids.get(longest);
  if (grid === undefined) {
    grid = newGrid(longest);
    grids.set(longest, grid);
  }
  return grid;
}

function newGrid(longest: number): readonly number[] {
  const grid: number[] = [];
  for (let horizon = 1; horizon <= longest; horizon *= 2) grid.push(horizon);
  if (grid.at(-1) !== longest) grid.push(longest);
  return grid;
}

/**
 * A position on a grid of horizons: `share` of the way from `below` to `above`, which are indices.
 */
export interface GridPosition {
  readonly below: number;
  readonly above: number;
  readonly share: number;
}

/**
 * The position of `steps` on an ascending grid. Outside of the grid it is the first or the last
 * horizon.
 */
export function positionOn(grid: readonly number[], steps: number): GridPosition {
  const last = grid.length - 1;
  if (steps >= (grid[last] as number)) return { below: last, above: last, share: 0 };
  let above = 0;
  while ((grid[above] as number) < steps) above++;
  const right = grid[above] as number;
  if (above === 0 || right === steps) return { below: above, above, share: 0 };
  const left = grid[above - 1] as number;
  return { below: above - 1, above, share: (steps - left) / (right - left) };
}
