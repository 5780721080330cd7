const DAY = 86_400_000;
const MINUTE = 60_000;

/** A range of time in which what is measured says nothing. Epoch milliseconds; `to` is not part of it. */
export interface OneTimeRange {
  readonly kind: "once";
  readonly from: number;
  readonly to: number;
}

/** A range that comes back, in UTC. One that ends at or before its beginning ends on the day after. */
export interface RecurringRange {
  readonly kind: "recurring";
  /** Days of the week on which it begins, 0 for Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

export type MaintenanceRange = OneTimeRange | RecurringRange;

/** Whether any moment of `since..now` (both part of it) lies in the range. O(days between them). */
export function touches(range: MaintenanceRange, since: number, now: number): boolean {
  if (range.kind === "once") return range.from <= now && since < range.to;
  const { days, fromMinute, toMinute } = range;
  const lengthMinutes = toMinute > fromMinute ? toMinute - fromMinute : toMinute + 1440 - fromMinute;
  const today = Math.floor(now / DAY);
  for (let day = Math.floor(since / DAY) - 1; day <= today; day += 1) {
    // 1 January 1970 was a Thursday.
    if (!days.includes((((day + 4) % 7) + 7) % 7)) continue;
    const from = day * DAY + fromMinute * MINUTE;
    if (from <= now && since < from + lengthMinutes * MINUTE) return true;
  }
  return false;
}
