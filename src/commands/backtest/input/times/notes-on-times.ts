import { DAY_MILLIS } from "../../../../core/durations.ts";
import type { LocalClock } from "../../../../series/local-clock.ts";
import { FIRST_LIKELY, LAST_LIKELY } from "./epoch.ts";
import type { WrittenTime } from "./written-time.ts";

/** How times were read, where the reader may have meant something else. */
export function notesOnTimes(
  times: readonly WrittenTime[],
  format: string,
  clock: LocalClock | undefined,
): string[] {
  const notes: string[] = [];
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return notes;
  const isEpoch = format.includes("since 1970");
  if (isEpoch && (Math.max(first.at, last.at) < FIRST_LIKELY || Math.min(first.at, last.at) > LAST_LIKELY)) {
    notes.push(
      `times were read as ${format}: from ${new Date(first.at).toISOString()} to ${new Date(last.at).toISOString()}; write dates if they are something else, such as numbers of rows or days of Excel`,
    );
  }
  const [, shape] = / as ([YDM].*)$/.exec(format) ?? [];
  if (shape !== undefined) notes.push(`times were read as ${shape}`);
  const hasTimeOfDay = times.some(({ at }) => at % DAY_MILLIS !== 0);
  if (clock === undefined && hasTimeOfDay && times.some(({ isLocal }) => isLocal)) {
    notes.push("times without a zone were read as UTC; --time-zone names another zone");
  }
  return notes;
}
