import { DAY_SECONDS } from "../core/durations.ts";
/**
 * A time grid. Slot `n` starts at `originMillis + n * stepSeconds` (inclusive) and ends where slot
 * `n + 1` starts. Times are in epoch milliseconds.
 */
export interface TimeGrid {
  readonly stepSeconds: number;
  readonly originMillis: number;
}

/** The grid, moved by at most half a step so that `at` is in the middle of its slot. */
export function gridAround(grid: TimeGrid, at: number): TimeGrid {
  const { stepSeconds, originMillis } = grid;
  return { stepSeconds, originMillis: originMillis + at - middleOf(grid, slotAt(grid, at)) };
}

/** The number of the slot that contains `at`. */
export function slotAt(grid: TimeGrid, at: number): number {
  return Math.floor((at - grid.originMillis) / (grid.stepSeconds * 1000));
}

/** The time in the middle of a slot. */
export function middleOf(grid: TimeGrid, slot: number): number {
  return grid.originMillis + (slot + 0.5) * grid.stepSeconds * 1000;
}

/**
 * One day in steps: a season that the data can show. `undefined` unless it is a whole number of at
 * least 2 steps and `capacity` holds it twice.
 */
export function dayInSteps(stepSeconds: number, capacity: number): number | undefined {
  const steps = DAY_SECONDS / stepSeconds;
  return Number.isInteger(steps) && steps >= 2 && capacity >= 2 * steps ? steps : undefined;
}
