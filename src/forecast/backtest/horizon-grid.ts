/** The grids so far, by their longest horizon: thousands of series have the same. */
const grids = new Map<number, readonly number[]>();

/** The horizons 1, 2, 4, 8, ... and the longest: dense where forecasts change quickly. */
export function horizonGrid(longest: number): readonly number[] {
  let grid = grids.get(longest);
  if (grid === undefined) {
    grid = sharedHorizons(newGrid(longest));
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

/** Ascending horizons, by their text. */
const shared = new Map<string, readonly number[]>();

/** The same horizons as the one array that all have who use them. There are few, for thousands of series. */
export function sharedHorizons(horizons: readonly number[]): readonly number[] {
  const text = horizons.join();
  const known = shared.get(text);
  if (known !== undefined) return known;
  shared.set(text, horizons);
  return horizons;
}

// Whoever asks reads its position before the next one is asked for.
const position = { below: 0, above: 0, share: Number.NaN };

/**
 * The position of `steps` on an ascending grid. Outside of the grid it is the first or the last horizon.
 * The next call writes on the same object.
 */
export function positionOn(grid: readonly number[], steps: number): GridPosition {
  const last = grid.length - 1;
  let above = last;
  if (steps < (grid[last] as number)) for (above = 0; (grid[above] as number) < steps; ) above++;
  const right = grid[above] as number;
  const isBetween = above > 0 && steps < right;
  const left = isBetween ? (grid[above - 1] as number) : right;
  position.below = isBetween ? above - 1 : above;
  position.above = above;
  position.share = isBetween ? (steps - left) / (right - left) : 0;
  return position;
}
