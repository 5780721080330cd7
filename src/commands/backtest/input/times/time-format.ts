import { epochFormat } from "./epoch.ts";
import type { TimeFormat } from "./written-time.ts";

/** The accepted formats of a time, as text after "expected". */
export const EXPECTED_TIME =
  "a date such as 2026-01-31T23:00:00Z, 2026-01-31 or 20260131, or a number of seconds since 1970 (also in ms, us or ns)";

/** A format is chosen when it reads this share of the times; the others are then errors. */
const ENOUGH = 0.9;

const TIME_OF_DAY = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?(?:\s?(?<half>[ap])\.?m\.?)?`;
const ZONE = String.raw`\s*(?<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?(?:\s?UTC)?(?:\[[\w/+-]+\])?`;

const digits = (shape: string, name: string): TimeFormat => dated(name, new RegExp(`^${shape}$`));
const YEAR = String.raw`(?<year>(?:18|19|20|21)\d{2})`;
const DIGITS: readonly TimeFormat[] = [
  digits(YEAR, "a year as YYYY"),
  digits(String.raw`${YEAR}(?<month>\d{2})`, "a month as YYYYMM"),
  digits(String.raw`${YEAR}(?<month>\d{2})(?<day>\d{2})`, "a date as YYYYMMDD"),
  digits(
    String.raw`(?<year>(?:19|20)\d{2})(?<month>\d{2})(?<day>\d{2})(?<hour>\d{2})`,
    "an hour as YYYYMMDDHH",
  ),
  digits(
    String.raw`${YEAR}(?<month>\d{2})(?<day>\d{2})(?<hour>\d{2})(?<minute>\d{2})`,
    "a time as YYYYMMDDHHMM",
  ),
  digits(
    String.raw`${YEAR}(?<month>\d{2})(?<day>\d{2})(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})`,
    "a time as YYYYMMDDHHMMSS",
  ),
];

const ISO: readonly TimeFormat[] = [
  dated("a quarter as YYYY-Q1", /^(?<year>\d{4})[- ]?Q(?<quarter>[1-4])$/i),
  dated("a month as YYYY-MM", /^(?<year>\d{4})[-/](?<month>\d{2})$/),
  dated(
    "an ISO 8601 date",
    new RegExp(
      String.raw`^(?<year>\d{4})([-/])(?<month>\d{1,2})\2(?<day>\d{1,2})(?:(?:[T ]|, )\s*${TIME_OF_DAY}${ZONE})?$`,
      "i",
    ),
  ),
  dated(
    "an ISO 8601 date in its basic format",
    new RegExp(
      String.raw`^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})[T ](?<hour>\d{2}):?(?<minute>\d{2})(?::?(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?${ZONE}$`,
      "i",
    ),
  ),
];

const partial = (shape: string): RegExp =>
  new RegExp(String.raw`^${shape}(?:,?[T ]\s*${TIME_OF_DAY}${ZONE})?$`, "i");
const DAY_FIRST = dated(
  "a date as DD/MM/YYYY",
  partial(String.raw`(?<day>\d{1,2})([./-])(?<month>\d{1,2})\2(?<year>\d{4})`),
);
const MONTH_FIRST = dated(
  "a date as MM/DD/YYYY",
  partial(String.raw`(?<month>\d{1,2})([/-])(?<day>\d{1,2})\2(?<year>\d{4})`),
);

/** The same as one number. A leading zero may be lost, unless a time of day follows. */
const dayAndYear = (name: string, first: string, second: string): TimeFormat =>
  digits(
    String.raw`(?=(?:\d{7,8}|\d{12}|\d{14})$)(?<${first}>\d{1,2})(?<${second}>\d{2})${YEAR}(?:(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})?)?`,
    name,
  );
/** The orders of day and month in the formats that are used with both. */
const EITHER_ORDER: readonly (readonly TimeFormat[])[] = [
  [DAY_FIRST, MONTH_FIRST],
  [dayAndYear("a date as DDMMYYYY", "day", "month"), dayAndYear("a date as MMDDYYYY", "month", "day")],
];
const short = (...parts: readonly string[]): RegExp =>
  new RegExp(`^${parts.map((part) => `(?<${part}>\\d{2})`).join("")}$`);
/** Dates of six digits. They are not read: their order and their century are unknown. */
const SHORT_DATES: readonly TimeFormat[] = [
  dated("YYMMDD", short("year", "month", "day")),
  dated("DDMMYY", short("day", "month", "year")),
  dated("MMDDYY", short("month", "day", "year")),
];

/** The format of a column of times, or the problem with it. */
export type ChosenFormat = { readonly format: TimeFormat } | { readonly problem: string };

/**
 * The format that times are written in. Numbers that are calendar dates, such as 20260131 or
 * 2026013123, are read as dates: as seconds they would be a day of 1970, or lie in the future.
 */
export function timeFormatOf(texts: readonly string[]): ChosenFormat {
  const written = texts.map((text) => text.trim()).filter((text) => text !== "");
  const share = (format: TimeFormat): number =>
    written.filter((text) => format.read(text) !== undefined).length / written.length;
  const isEnough = (format: TimeFormat): boolean => share(format) >= ENOUGH;
  const plain = [...DIGITS, ...ISO].find(isEnough);
  if (plain !== undefined) return { format: plain };
  if (EITHER_ORDER.some((formats) => formats.every(isEnough))) {
    return { problem: 'can have the day or the month first: write dates as "2026-01-31"' };
  }
  const orders = SHORT_DATES.filter(isEnough).map(({ name }) => name);
  if (orders.length > 0) {
    return { problem: `can be a date as ${orders.join(" or ")}: write dates as "2026-01-31"` };
  }
  const other = [...EITHER_ORDER.flat(), epochFormat(written)].find(isEnough);
  return other === undefined ? { problem: `expected ${EXPECTED_TIME}` } : { format: other };
}

/** Whether a text is a time in any format. */
export function isTime(text: string): boolean {
  return [...DIGITS, ...ISO, DAY_FIRST, MONTH_FIRST, epochFormat([text])].some(
    (format) => format.read(text) !== undefined,
  );
}

/** A format with the parts of a date and of a time of day. Parts that are left out are the first. */
function dated(name: string, pattern: RegExp): TimeFormat {
  return {
    name,
    read(text) {
      const parts = pattern.exec(text.trim())?.groups;
      if (parts === undefined) return undefined;
      const at = epochOf(parts);
      if (at === undefined) return undefined;
      return { at: at - offsetMillis(parts.zone), isLocal: parts.zone === undefined };
    },
  };
}

function epochOf(parts: Readonly<Record<string, string | undefined>>): number | undefined {
  const [year = 0, month = 3 * Number(parts.quarter ?? 1) - 2, day = 1, minute = 0, second = 0] = [
    "year",
    "month",
    "day",
    "minute",
    "second",
  ]
    .map((part) => parts[part])
    .map((text) => (text === undefined ? undefined : Number(text)));
  const hour = hourOf(parts);
  const isDay = hour >= 0 && hour < 24 && minute < 60 && second < 60;
  const read = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (!isDay || read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day) return undefined;
  const fraction = parts.fraction === undefined ? 0 : Number(`0.${parts.fraction}`) * 1000;
  return read.getTime() + fraction;
}

/** The hour from 0 to 23; -1 when it does not exist. */
function hourOf({ hour, half }: Readonly<Record<string, string | undefined>>): number {
  const written = Number(hour ?? 0);
  if (half === undefined) return written;
  if (written < 1 || written > 12) return -1;
  return (written % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

function offsetMillis(zone: string | undefined): number {
  if (zone === undefined || /^[A-Z]/i.test(zone)) return 0;
  const offset = zone.slice(1).replace(":", "");
  const minutes = Number(offset.slice(0, 2)) * 60 + Number(offset.slice(2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}
