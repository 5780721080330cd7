import { DAY_SECONDS, HOUR_SECONDS } from "../core/durations.ts";
import { digitsOf, measured, type Precision, rounded, USUAL_DIGITS } from "./digits.ts";
import { durationText } from "./duration-text.ts";
import { type Scale, scaled, type Writer, type Written } from "./written.ts";

/** What a number measures. It decides how the number is written. */
export type Quantity =
  | "percent"
  | "share"
  | "duration"
  | "bytes"
  | "bytes-per-second"
  | "per-second"
  | "usd"
  | "number";

/** Matched in this order by the OpenTelemetry unit or the end of the Prometheus name. */
const QUANTITIES: readonly { unit?: string; name: RegExp; quantity: Quantity }[] = [
  { unit: "%", name: /_percent$/, quantity: "percent" },
  { unit: "By/s", name: /_bytes_per_second$/, quantity: "bytes-per-second" },
  { unit: "By", name: /_bytes$/, quantity: "bytes" },
  { name: /(request_rate|throughput|_per_second)$/, quantity: "per-second" },
  { name: /((success|failure|error)_rate|_ratio|_utilization)$/, quantity: "share" },
  { unit: "s", name: /_seconds$/, quantity: "duration" },
  { unit: "USD", name: /_(usd|dollars)$/i, quantity: "usd" },
];

const BYTES: Scale = [
  [1, "B"],
  ...["KiB", "MiB", "GiB", "TiB", "PiB"].map((u, i) => [1024 ** (i + 1), u] as const),
];
const NUMBERS: Scale = [
  [1e6, "million"],
  [1e9, "billion"],
  [1e12, "trillion"],
];
/** From here on a number has an exponent. */
const TOO_LARGE_FOR_A_WORD = 1e15;
/** What remains of a sum of percents that should be 0. */
const REMAINDER = 1e-9;

type Span = Scale[number];
const SPANS: readonly Span[] = [
  [1, "second"],
  [60, "minute"],
  [HOUR_SECONDS, "hour"],
  [DAY_SECONDS, "day"],
];

const FORMATS: Readonly<Record<Quantity, Writer>> = {
  percent: percentText,
  share: (value, precision) => percentText(value * 100, precision),
  duration: durationText,
  bytes: (value, precision) => scaled(value, BYTES, precision),
  "bytes-per-second": (value, precision) => withUnit("/s", scaled(value, BYTES, precision)),
  "per-second": (value, precision) => withUnit(" per second", numberText(value, precision)),
  usd: (value, precision) => withUnit(" USD", numberText(value, precision)),
  number: numberText,
};

/** What a metric measures, from its Prometheus name and its OpenTelemetry unit. */
export function quantityOf(metricName: string, unit = ""): Quantity {
  const known = QUANTITIES.find(
    (rule) => (rule.unit !== undefined && rule.unit === unit) || rule.name.test(metricName),
  );
  return known?.quantity ?? "number";
}

/**
 * Formats a measured value for a person: `61.3%`, `350 ms`, `1 h 5 min`, `1.2 GiB`, `20.8 million`.
 * Durations are in seconds, shares 0..1.
 */
export function inHumanUnits(value: number, quantity: Quantity, digits = USUAL_DIGITS): string {
  return FORMATS[quantity](value, measured(digits)).text;
}

/** A metric whose values are written. */
export interface MeasuredMetric {
  /** Its Prometheus name. */
  readonly metricName: string;
  /** Its OpenTelemetry unit; empty or absent when it has none. */
  readonly unit?: string | undefined;
}

/**
 * Formats a measured value of a metric for a person, like `inHumanUnits`. A unit that is no known
 * quantity follows the number: `520 messages` for `{message}`.
 */
export function inUnitsOf(metric: MeasuredMetric, value: number, digits = USUAL_DIGITS): string {
  return writerOf(metric)(value, measured(digits)).text;
}

/** How the values of a metric are written, with their unit. */
export function writerOf({ metricName, unit = "" }: MeasuredMetric): Writer {
  const quantity = quantityOf(metricName, unit);
  if (quantity !== "number" || unit === "" || unit === "1") return FORMATS[quantity];
  return (value, precision) => {
    const number = numberText(value, precision);
    return withUnit(` ${nounOf(unit, number.text === "1")}`.trimEnd(), number);
  };
}

/** How a value is written when its unit is known from the rest of the sentence. */
export function plainWriterOf({ metricName, unit }: MeasuredMetric): Writer {
  return FORMATS[quantityOf(metricName, unit)];
}

/** A unit in words: `messages` for `{message}`; other units as they are. */
function nounOf(unit: string, isOne: boolean): string {
  const noun = /^\{(.*)\}$/.exec(unit)?.[1];
  if (noun === undefined) return unit.replaceAll(/[{}]/g, "");
  return isOne ? noun : pluralOf(noun);
}

/** The plural of a noun of a unit: `queries` for `query`, `jobs` for `jobs`. */
export function pluralOf(noun: string): string {
  if (noun === "" || /[^siu]s$/.test(noun)) return noun;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/**
 * A horizon in words: `35 minutes`, `1 hour`, `1.5 days`, `75 minutes`. It is rounded to half a unit
 * only if no unit expresses it exactly.
 */
export function inWords(seconds: number): string {
  const exact = SPANS.findLast(([size], place) => {
    const count = seconds / size;
    const mostOfUnit = (SPANS[place + 1]?.[0] ?? Infinity) / size;
    return (
      count >= 1 && Number.isInteger(size === 1 || count > 10 ? count : count * 2) && count <= 2 * mostOfUnit
    );
  });
  return exact === undefined ? roundedInWords(seconds) : counted(seconds / exact[0], exact[1]);
}

/**
 * When an event is due, in words: `in about 35 minutes`. From an hour to a day ahead it includes
 * the time of day: `in about 5 hours, at 16:40 UTC`.
 *
 * @param seconds Seconds from `after` to the event.
 * @param after Epoch milliseconds.
 */
export function whenInWords(seconds: number, after: number): string {
  const span = `in about ${roundedInWords(seconds)}`;
  if (seconds < HOUR_SECONDS || seconds >= DAY_SECONDS) return span;
  return `${span}, at ${new Date(after + seconds * 1000).toISOString().slice(11, 16)} UTC`;
}

/** Rounded to half a unit, from 10 units on to a whole one. Seconds are whole. */
function roundedInWords(given: number): string {
  const seconds = Math.max(1, Math.round(given));
  const place = SPANS.findLastIndex(([size]) => seconds >= size);
  const [size, unit] = SPANS[place] as Span;
  const amount = seconds / size;
  const count = amount < 10 ? Math.round(amount * 2) / 2 : Math.round(amount);
  const next = SPANS[place + 1];
  return next !== undefined && count * size >= next[0] ? counted(1, next[1]) : counted(count, unit);
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function percentText(value: number, precision: Precision): Written {
  const stands = Math.abs(value) < REMAINDER ? 0 : rounded(value, precision);
  return { text: `${digitsOf(stands)}%`, stands, amount: value };
}

function numberText(value: number, precision: Precision): Written {
  const stands = rounded(value, precision);
  const size = Math.abs(stands);
  return size >= 1e6 && size < TOO_LARGE_FOR_A_WORD
    ? scaled(value, NUMBERS, precision)
    : { text: digitsOf(stands), stands, amount: value };
}

function withUnit(unit: string, { text, ...numbers }: Written): Written {
  return { text: `${text}${unit}`, ...numbers };
}
