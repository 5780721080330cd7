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

/** The last positions that were asked for. Thousands of series ask for the same. */
const positions: { grid: readonly number[]; steps: number; position: GridPosition }[] = [];
const POSITIONS = 512;
/** Grids of other lengths have places of their own: a forecast and its interval differ in their grid. */
const LENGTHS = 8;

/**
 * The position of `steps` on an ascending grid, which must not change later. Outside of the grid it is
 * the first or the last horizon.
 */
export function positionOn(grid: readonly number[], steps: number): GridPosition {
  const place = (LENGTHS * steps + grid.length) % POSITIONS;
  const known = positions[place];
  if (known !== undefined && known.grid === grid && known.steps === steps) return known.position;
  const position = newPosition(grid, steps);
  if (Number.isInteger(place)) positions[place] = { grid, steps, position };
  return position;
}

function newPosition(grid: readonly number[], steps: number): GridPosition {
  const last = grid.length - 1;
  if (steps >= (grid[last] as number)) return { below: last, above: last, share: 0 };
  let above = 0;
  while ((grid[above] as number) < steps) above++;
  const right = grid[above] as number;
  if (above === 0 || right === steps) return { below: above, above, share: 0 };
  const left = grid[above - 1] as number;
  return { below: above - 1, above, share: (steps - left) / (right - left) };
}
