/** The accepted formats of a time, as text after "expected". */
export const EXPECTED_TIME = "an ISO 8601 date, or seconds or milliseconds since 1970";

/**
 * Numbers from here on are milliseconds. In seconds this is the year 5138, in milliseconds it is
 * 1973.
 */
const FIRST_MILLIS = 1e11;
/** The year 5138 in milliseconds. Larger numbers are microseconds or nanoseconds. */
const LAST_MILLIS = 1e14;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads a time of a file as epoch milliseconds; `undefined` when it is not a time. A date without a
 * zone is UTC.
 */
export function parseTimestamp(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d*)?$/.test(trimmed)) return epochMillis(Number(trimmed));
  const match = ISO.exec(trimmed);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const parts = [year as number, (month as number) - 1, day as number, hour as number, minute as number];
  const millis = Date.UTC(parts[0] as number, parts[1] as number, parts[2], parts[3], parts[4], second);
  const read = new Date(millis);
  const isReal = read.getUTCMonth() === parts[1] && read.getUTCDate() === day && (minute as number) < 60;
  if (!isReal || (second as number) > 59) return undefined;
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`) * 1000;
  return millis + fraction - offsetMillis(match[8]);
}

/**
 * Reads seconds or milliseconds since 1970, distinguished by size; `undefined` when it is neither.
 */
export function epochMillis(time: number): number | undefined {
  if (!(time >= 0 && time < LAST_MILLIS)) return undefined;
  return time >= FIRST_MILLIS ? time : time * 1000;
}

function offsetMillis(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}
