import { median } from "simple-statistics";
import { DAY_MILLIS, DAY_SECONDS, HOUR_MILLIS } from "../../../core/durations.ts";
import type { Sample } from "../../../core/sample.ts";

/** A month of the Gregorian calendar on average: a 4800th of 146,097 days. */
const MONTH_SECONDS = (146_097 * DAY_SECONDS) / 4800;
const MONTHS_OF_YEAR = 12;
/** Local midnight is at most this far from midnight UTC. */
const ZONE_MILLIS = 14 * HOUR_MILLIS;

/** Samples of successive calendar months, one step for each. */
export interface MonthlyGrid {
  readonly values: Float64Array;
  readonly stepSeconds: number;
  readonly stepMonths: number;
  /** The start of the last month in UTC. */
  readonly endMillis: number;
  readonly season?: number;
}

/**
 * Lays samples on a grid of calendar months, when each is at the start of a month, each at its
 * end or each on the same day, and their usual distance is one month or more, such as a quarter or a year. Months differ in
 * length: a grid of equal durations would have gaps, and slots with two months. The season is a
 * year. `undefined` for all other times.
 *
 * @param samples Oldest first, one for each time.
 */
export function monthlyGrid(samples: readonly Sample[]): MonthlyGrid | undefined {
  const months = monthsOf(samples.map(({ at }) => at));
  if (months === undefined) return undefined;
  const distances = months.slice(1).map((month, index) => month - (months[index] as number));
  if (distances.length < 2 || distances.some((distance) => distance < 1)) return undefined;
  const stepMonths = Math.round(median(distances));
  const last = months.at(-1) as number;
  const slotsBack = months.map((month) => (last - month) / stepMonths);
  if (!slotsBack.every(Number.isInteger)) return undefined;
  const length = (slotsBack[0] as number) + 1;
  const values = new Float64Array(length).fill(Number.NaN);
  for (const [index, back] of slotsBack.entries()) {
    values[length - 1 - back] = (samples[index] as Sample).value;
  }
  const season = MONTHS_OF_YEAR / stepMonths;
  const isSeason = Number.isInteger(season) && season >= 2;
  return {
    values,
    stepSeconds: stepMonths * MONTH_SECONDS,
    stepMonths,
    endMillis: Date.UTC(Math.floor(last / MONTHS_OF_YEAR), last % MONTHS_OF_YEAR),
    ...(isSeason && { season }),
  };
}

/** The number of the month of each time; `undefined` unless all are on the same day of a month. */
function monthsOf(times: readonly number[]): number[] | undefined {
  for (const monthOf of [startOfMonth, endOfMonth, sameDayAs(times[0] as number)]) {
    const months = times.map(monthOf);
    if (months.every((month) => month !== undefined)) return months;
  }
  return undefined;
}

/** The month that begins at a time, in some time zone. */
function startOfMonth(at: number): number | undefined {
  const date = new Date(at + ZONE_MILLIS);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return Math.abs(at - first) <= ZONE_MILLIS ? monthNumber(new Date(first)) : undefined;
}

/** The month on whose last day a time is. */
function endOfMonth(at: number): number | undefined {
  const [date, next] = [new Date(at), new Date(at + DAY_MILLIS)];
  return next.getUTCDate() === 1 ? monthNumber(date) : undefined;
}

/** The month with a time on the same day as another, at the same time of day. */
function sameDayAs(other: number): (at: number) => number | undefined {
  const day = new Date(other).getUTCDate();
  return (at) => {
    const date = new Date(at);
    return date.getUTCDate() === day && (at - other) % DAY_MILLIS === 0 ? monthNumber(date) : undefined;
  };
}

function monthNumber(date: Date): number {
  return date.getUTCFullYear() * MONTHS_OF_YEAR + date.getUTCMonth();
}
