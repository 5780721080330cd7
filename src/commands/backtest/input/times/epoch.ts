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

function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  return /^\d+(\.\d*)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
