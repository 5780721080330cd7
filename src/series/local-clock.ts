/** The local time of a time zone. */
export interface LocalClock {
  readonly timeZone: string;
  /**
   * Milliseconds that local time is ahead of UTC at a time in epoch milliseconds: 3,600,000 for
   * Berlin in winter. Never throws.
   */
  offsetMillis(at: number): number;
}

/** Clocks change at quarters of an hour. */
const QUARTER_MILLIS = 15 * 60_000;
/**
 * The times that a calendar is asked for: a sender may send any time, and `Date` has no earlier and no much
 * later years. Before the railways, no clock was changed.
 */
const FIRST_MILLIS = Date.UTC(1000, 0);
const LAST_MILLIS = Date.UTC(275_760, 0);
/**
 * The maximum number of cached offsets. Computing an offset takes a thousand times as long as a
 * lookup.
 */
const MAX_REMEMBERED = 4096;

/** Whether a time zone of this name exists in the IANA database (`Europe/Berlin`). */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return name !== "";
  } catch {
    return false;
  }
}

/**
 * The clock of a time zone, by the IANA rules of the JavaScript engine.
 *
 * @throws RangeError when there is no such time zone.
 */
export function localClock(timeZone: string): LocalClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const remembered = new Map<number, number>();
  return {
    timeZone,
    offsetMillis(at) {
      if (Number.isNaN(at)) return Number.NaN;
      const quarter = Math.floor(Math.min(Math.max(at, FIRST_MILLIS), LAST_MILLIS) / QUARTER_MILLIS);
      const known = remembered.get(quarter);
      if (known !== undefined) return known;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const offset = offsetAt(format, quarter * QUARTER_MILLIS);
      remembered.set(quarter, offset);
      return offset;
    },
  };
}

/** Local time in milliseconds, as if it were UTC. Without a clock it is UTC. */
export function localTime(clock: LocalClock | undefined, at: number): number {
  return clock === undefined ? at : at + clock.offsetMillis(at);
}

/**
 * Lays equally spaced values on the grid of the local clock, where each day has the same number of
 * steps. The hour that local time leaves out in spring becomes a gap. The hour that comes twice in
 * autumn is averaged.
 *
 * The grid ends at the local time of the last value, `lastAt`. Values at a later local time, in an
 * hour that is being repeated, are left out. O(n).
 */
export function onLocalClock(
  values: ArrayLike<number>,
  stepMillis: number,
  lastAt: number,
  clock: LocalClock,
): Float64Array {
  const end = localTime(clock, lastAt);
  const slotsBack = (index: number): number => {
    const at = lastAt - (values.length - 1 - index) * stepMillis;
    return Math.round((end - localTime(clock, at)) / stepMillis);
  };
  let longest = 0;
  for (let index = 0; index < values.length; index++) longest = Math.max(longest, slotsBack(index) + 1);
  const local = new Float64Array(longest).fill(Number.NaN);
  const counts = new Uint8Array(longest);
  for (let index = 0; index < values.length; index++) {
    const slot = longest - 1 - slotsBack(index);
    const value = values[index] as number;
    if (slot >= longest || Number.isNaN(value)) continue;
    const count = (counts[slot] as number) + 1;
    counts[slot] = count;
    const before = count === 1 ? 0 : (local[slot] as number);
    local[slot] = before + (value / count - before / count);
  }
  return local;
}

/** Local time at a time in epoch milliseconds, read from a calendar, minus that time. */
function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return local - Math.floor(at / 1000) * 1000;
}
