import { DAY_SECONDS, HOUR_SECONDS } from "../core/durations.ts";
/** What a number measures. It decides how the number is written. */
export type Quantity =
  | "percent"
  | "share"
  | "duration"
  | "bytes"
  | "bytes-per-second"
  | "per-second"
  | "number";

/** Matched in this order by the OpenTelemetry unit or the end of the Prometheus name. */
const QUANTITIES: readonly { unit?: string; name: RegExp; quantity: Quantity }[] = [
  { unit: "%", name: /_percent$/, quantity: "percent" },
  { unit: "By/s", name: /_bytes_per_second$/, quantity: "bytes-per-second" },
  { unit: "By", name: /_bytes$/, quantity: "bytes" },
  { name: /(request_rate|throughput|_per_second)$/, quantity: "per-second" },
  { name: /((success|failure|error)_rate|_ratio|_utilization)$/, quantity: "share" },
  { unit: "s", name: /_seconds$/, quantity: "duration" },
];

/** Significant digits of a value, the same in alerts and recommendations. */
export const USUAL_DIGITS = 3;

type Scale = readonly (readonly [size: number, unit: string])[];

const BYTES: Scale = [
  [1, "B"],
  ...["KiB", "MiB", "GiB", "TiB", "PiB"].map((u, i) => [1024 ** (i + 1), u] as const),
];
const NUMBERS: Scale = [
  [1e6, "million"],
  [1e9, "billion"],
  [1e12, "trillion"],
];
const SECONDS: Scale = [
  [1e-6, "µs"],
  [1e-3, "ms"],
  [1, "s"],
  [60, "min"],
  [HOUR_SECONDS, "h"],
  [DAY_SECONDS, "days"],
];
const SPANS: Scale = [
  [1, "second"],
  [60, "minute"],
  [HOUR_SECONDS, "hour"],
  [DAY_SECONDS, "day"],
];

const FORMATS: Readonly<Record<Quantity, (value: number, digits: number) => string>> = {
  percent: (value, digits) => `${rounded(value, digits)}%`,
  share: (value, digits) => `${rounded(value * 100, digits)}%`,
  duration: (value, digits) => scaled(value, SECONDS, digits),
  bytes: (value, digits) => scaled(value, BYTES, digits),
  "bytes-per-second": (value, digits) => `${scaled(value, BYTES, digits)}/s`,
  "per-second": (value, digits) => `${rounded(value, digits)} per second`,
  number: (value, digits) =>
    Math.abs(value) >= 1e6 && Math.abs(value) < 1e15
      ? scaled(value, NUMBERS, digits)
      : rounded(value, digits),
};

/** What a metric measures, from its Prometheus name and its OpenTelemetry unit. */
export function quantityOf(metricName: string, unit = ""): Quantity {
  const known = QUANTITIES.find(
    (rule) => (rule.unit !== undefined && rule.unit === unit) || rule.name.test(metricName),
  );
  return known?.quantity ?? "number";
}

/**
 * Formats a value for a person: `61.3%`, `350 ms`, `1.2 GiB`, `20.8 million`. Durations are in
 * seconds, shares 0..1.
 */
export function inHumanUnits(value: number, quantity: Quantity, digits = USUAL_DIGITS): string {
  return FORMATS[quantity](value, digits);
}

/**
 * Formats a value of a metric for a person, like `inHumanUnits`. A unit that is no known quantity
 * follows the number: `520 messages` for `{message}`, `258 ms`.
 */
export function inUnitsOf(
  { metricName, unit }: { readonly metricName: string; readonly unit: string },
  value: number,
  digits = USUAL_DIGITS,
): string {
  const quantity = quantityOf(metricName, unit);
  const text = inHumanUnits(value, quantity, digits);
  if (quantity !== "number" || unit === "" || unit === "1") return text;
  const noun = /^\{(.*)\}$/.exec(unit)?.[1];
  if (noun === undefined) return `${text} ${unit.replaceAll(/[{}]/g, "")}`;
  return `${text} ${value === 1 ? noun : pluralOf(noun)}`.trimEnd();
}

/** A duration in words, rounded to half a unit: `35 minutes`, `1 hour`, `1.5 days`. */
export function inWords(seconds: number): string {
  const [size, unit] = scaleFor(Math.max(seconds, 1), SPANS);
  const amount = Math.max(seconds, 1) / size;
  const count = amount < 10 && unit !== "second" ? Math.round(amount * 2) / 2 : Math.round(amount);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/**
 * When an event is due, in words: `in about 35 minutes`. From an hour to a day ahead it includes
 * the time of day: `in about 5 hours, at 16:40 UTC`.
 *
 * @param seconds Seconds from `after` to the event.
 * @param after Epoch milliseconds.
 */
export function whenInWords(seconds: number, after: number): string {
  const span = `in about ${inWords(seconds)}`;
  if (seconds < HOUR_SECONDS || seconds >= DAY_SECONDS) return span;
  return `${span}, at ${new Date(after + seconds * 1000).toISOString().slice(11, 16)} UTC`;
}

/** The plural of a noun of a unit: `queries` for `query`. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : noun.replace(/$/, noun === "" ? "" : "s");
}

function scaled(value: number, scale: Scale, digits: number): string {
  if (value === 0) return `0 ${scale === BYTES ? "B" : "s"}`;
  const [size, unit] = scaleFor(Math.abs(value), scale);
  return `${rounded(value / size, digits)} ${unit}`;
}

/** The largest unit that fits into the value at least once; otherwise the smallest. */
function scaleFor(value: number, scale: Scale): readonly [size: number, unit: string] {
  return scale.findLast(([size]) => value >= size) ?? (scale[0] as readonly [number, string]);
}

/** Rounds to significant digits, but never before the decimal point. */
function rounded(value: number, digits: number): string {
  const whole = Math.trunc(Math.abs(value)).toString().length;
  if (Math.abs(value) >= 1e15) return value.toExponential(1);
  return String(Number(value.toPrecision(Math.min(100, Math.max(digits, whole)))));
}
