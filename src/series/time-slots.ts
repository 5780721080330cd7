/** Seconds of a day. */
export const DAY_SECONDS = 86_400;

/**
 * A grid of time: slot `n` reaches from `originMillis + n * stepSeconds` (inclusive) to where slot `n + 1` starts.
 * Times are in epoch milliseconds.
 */
export interface TimeGrid {
  readonly stepSeconds: number;
  readonly originMillis: number;
}

/** The grid of the clock: its slots start at whole multiples of the step since the epoch. */
export function clockGrid(stepSeconds: number): TimeGrid {
  return { stepSeconds, originMillis: 0 };
}

/** The grid moved by at most half a step, so that `at` lies in the middle of the slot that it falls into. */
export function gridAround(grid: TimeGrid, at: number): TimeGrid {
  return { ...grid, originMillis: grid.originMillis + at - middleOf(grid, slotAt(grid, at)) };
}

/** The number of the slot that `at` falls into. */
export function slotAt(grid: TimeGrid, at: number): number {
  return Math.floor((at - grid.originMillis) / (grid.stepSeconds * 1000));
}

/** The time in the middle of a slot. */
export function middleOf(grid: TimeGrid, slot: number): number {
  return grid.originMillis + (slot + 0.5) * grid.stepSeconds * 1000;
}

/**
 * One day in steps, where that is a whole number of at least 2 and `capacity` holds it at least twice: a season that
 * can be seen in the data. `undefined` otherwise.
 */
export function dayInSteps(stepSeconds: number, capacity: number): number | undefined {
  const steps = DAY_SECONDS / stepSeconds;
  return Number.isInteger(steps) && steps >= 2 && capacity >= 2 * steps ? steps : undefined;
}
