import { DAY_MILLIS } from "../../core/durations.ts";

const DAY_MINUTES = 1440;
const MINUTE_MILLIS = 60_000;

/** A range of time whose measurements are not used. Epoch milliseconds; `to` is excluded. */
export interface OneTimeRange {
  readonly kind: "once";
  readonly from: number;
  readonly to: number;
}

/** A repeated range, in UTC. If its end is not after its beginning, it ends on the next day. */
export interface RecurringRange {
  readonly kind: "recurring";
  /** Days of the week on which it begins; 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A range of maintenance: once, or on some or all days of the week. */
export type MaintenanceRange = OneTimeRange | RecurringRange;

/**
 * Whether the range contains a moment from `since` to `now` (both included). O(days between them).
 */
export function touches(range: MaintenanceRange, since: number, now: number): boolean {
  if (range.kind === "once") return range.from <= now && since < range.to;
  const { days, fromMinute, toMinute } = range;
  const lengthMinutes = toMinute > fromMinute ? toMinute - fromMinute : toMinute + DAY_MINUTES - fromMinute;
  const today = Math.floor(now / DAY_MILLIS);
  for (let day = Math.floor(since / DAY_MILLIS) - 1; day <= today; day += 1) {
    // 1 January 1970 was a Thursday.
    if (!days.includes((((day + 4) % 7) + 7) % 7)) continue;
    const from = day * DAY_MILLIS + fromMinute * MINUTE_MILLIS;
    if (from <= now && since < from + lengthMinutes * MINUTE_MILLIS) return true;
  }
  return false;
}
