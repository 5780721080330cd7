import { DAY_SECONDS } from "../core/durations.ts";
import type { History } from "../core/history.ts";
import type { LocalClock } from "../series/local-clock.ts";

/** Takes the values of successive slots, each with the middle of its slot in epoch milliseconds. */
export interface SeenValues {
  /** Returns what the model sees of the value; `NaN` for a gap. */
  take(value: number, at: number): number;
}

/** The past of a series, with the middle of its last slot in epoch milliseconds. */
export interface DatedHistory extends History {
  readonly lastAt: number;
}

/** The values of a history as its model sees them. */
export function valuesSeen({ values, stepSeconds, lastAt }: DatedHistory, seen: SeenValues): Float64Array {
  const last = values.length - 1;
  return Float64Array.from(values, (value, index) =>
    seen.take(value, lastAt - (last - index) * stepSeconds * 1000),
  );
}

/**
 * The clock, when the season is a whole number of days and the history is longer than one day.
 * Otherwise the clock has no effect.
 */
export function clockFor(
  { values, stepSeconds, season }: History,
  clock: LocalClock | undefined,
): LocalClock | undefined {
  if (season === undefined || (season * stepSeconds) % DAY_SECONDS !== 0) return undefined;
  return values.length > DAY_SECONDS / stepSeconds ? clock : undefined;
}
