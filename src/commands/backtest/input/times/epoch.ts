import { groupBy } from "../../../../core/group-by.ts";
import type { TimeFormat } from "./written-time.ts";

/** The units of a number of seconds since 1970: the unit of the first limit above the number. */
const UNITS: readonly { readonly below: number; readonly millis: number; readonly name: string }[] = [
  // In seconds this is the year 5138, in milliseconds it is 1973.
  { below: 1e11, millis: 1000, name: "seconds" },
  { below: 1e14, millis: 1, name: "milliseconds" },
  { below: 1e17, millis: 1e-3, name: "microseconds" },
  { below: 1e20, millis: 1e-6, name: "nanoseconds" },
];

/** Times of a Date end here. */
const LAST_MILLIS = 8.64e15;

/** Numbers since 1970. One unit holds for all of them: that of the number in the middle. */
export function epochFormat(texts: readonly string[]): TimeFormat {
  const numbers = texts.map(numberOf).filter((number) => number !== undefined);
  const middle = numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
  const unit = UNITS.find(({ below }) => middle < below);
  return {
    name: `a number of ${unit?.name ?? "seconds"} since 1970`,
    read(text) {
      const number = numberOf(text);
      const at = number === undefined || unit === undefined ? Number.NaN : number * unit.millis;
      return at <= LAST_MILLIS ? { at, isLocal: false } : undefined;
    },
  };
}

/** Numbers of seconds before this time are more likely seconds since the start of something. */
export const FIRST_LIKELY = Date.UTC(1980);
/** Later times are more likely in another unit or format: data of the past is rarely of the future. */
export const LAST_LIKELY = Date.UTC(2040);

/**
 * Whether numbers without a heading are times since 1970. Such times lie between 1980 and 2040, only
 * rise or only fall, and at least half of their steps are equal.
 */
export function isLikelyEpoch(texts: readonly string[]): boolean {
  const format = epochFormat(texts);
  const times = texts.map((text) => format.read(text)?.at ?? Number.NaN);
  if (times.length < 2 || !times.every((at) => at >= FIRST_LIKELY && at < LAST_LIKELY)) return false;
  const steps = times.slice(1).map((at, index) => at - (times[index] as number));
  const [first = 0] = steps;
  const isOneWay = steps.every((step) => step * first > 0);
  const equal = [...groupBy(steps, (step) => step).values()];
  return isOneWay && equal.some(({ length }) => length >= steps.length / 2);
}

function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  return /^\d+(\.\d*)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
