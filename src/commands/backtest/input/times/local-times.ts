import { DAY_MILLIS } from "../../../../core/durations.ts";
import type { LocalClock } from "../../../../series/local-clock.ts";
import type { WrittenTime } from "./written-time.ts";

/**
 * The epoch milliseconds of the times of one series, in the order of the input. Local times are
 * read by the clock.
 *
 * In the hour that comes twice in autumn, a time is the first of the two possible ones that is
 * after the time before it. A time in the hour that is left out in spring is read as if the clock
 * had not been put forward.
 */
export function epochTimes(times: readonly WrittenTime[], clock: LocalClock): number[] {
  const isDescending = (times[0]?.at ?? 0) > (times.at(-1)?.at ?? 0);
  const oldestFirst = isDescending ? times.toReversed() : times;
  let before = Number.NEGATIVE_INFINITY;
  const epochs = oldestFirst.map(({ at, isLocal }) => {
    const possible = isLocal ? possibleTimes(at, clock) : [at];
    const epoch = possible.find((time) => time > before) ?? (possible[0] as number);
    before = epoch;
    return epoch;
  });
  return isDescending ? epochs.reverse() : epochs;
}

/** The times at which the clock shows a local time, the earliest first. At least one. */
function possibleTimes(local: number, clock: LocalClock): number[] {
  // A day is more than the largest offset of any zone.
  const offsets = [-DAY_MILLIS, DAY_MILLIS].map((away) => clock.offsetMillis(local + away));
  const times = offsets.map((offset) => local - offset);
  const shown = times.filter((time) => time + clock.offsetMillis(time) === local);
  const either = shown.length === 0 ? [times[0] as number] : shown;
  return [...new Set(either)].sort((one, other) => one - other);
}
