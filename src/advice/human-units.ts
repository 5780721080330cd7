/** What kind of thing a number is, which decides how a person reads it. */
export type Quantity =
  | "percent"
  | "share"
  | "duration"
  | "bytes"
  | "bytes-per-second"
  | "per-second"
  | "number";

/** By unit of OpenTelemetry, then by the end of the Prometheus name: the first that fits. */
const QUANTITIES: readonly { unit?: string; name: RegExp; quantity: Quantity }[] = [
  { unit: "%", name: /_percent$/, quantity: "percent" },
  { unit: "By/s", name: /_bytes_per_second$/, quantity: "bytes-per-second" },
  { unit: "By", name: /_bytes$/, quantity: "bytes" },
  { name: /(request_rate|throughput|_per_second)$/, quantity: "per-second" },
  { name: /((success|failure|error)_rate|_ratio|_utilization)$/, quantity: "share" },
  { unit: "s", name: /_seconds$/, quantity: "duration" },
];

/** Significant digits of a value, the same wherever a value is shown. */
export const USUAL_DIGITS = 3;

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

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

/** What kind of thing a metric measures, from its Prometheus name and its unit of OpenTelemetry. */
export function quantityOf(metricName: string, unit = ""): Quantity {
  const known = QUANTITIES.find(
    (rule) => (rule.unit !== undefined && rule.unit === unit) || rule.name.test(metricName),
  );
  return known?.quantity ?? "number";
}

/** A value as a person would write it: `61%`, `350 ms`, `1.2 GiB`, `21 million`. Seconds for durations, 0..1 for shares. */
export function inHumanUnits(value: number, quantity: Quantity, digits = USUAL_DIGITS): string {
  return FORMATS[quantity](value, digits);
}

/** A span of time in words, to half a unit: `35 minutes`, `1 hour`, `1.5 days`. */
export function inWords(seconds: number): string {
  const [size, unit] = scaleFor(Math.max(seconds, 1), SPANS);
  const amount = Math.max(seconds, 1) / size;
  const told = amount < 10 && unit !== "second" ? Math.round(amount * 2) / 2 : Math.round(amount);
  return `${told} ${unit}${told === 1 ? "" : "s"}`;
}

/**
 * When something is to come, `seconds` after a time in epoch milliseconds: `in about 35 minutes`; from an hour to a day ahead with the
 * time of day, `in about 5 hours, at 16:40 UTC`.
 */
export function whenInWords(seconds: number, after: number): string {
  const span = `in about ${inWords(seconds)}`;
  if (seconds < HOUR_SECONDS || seconds >= DAY_SECONDS) return span;
  return `${span}, at ${new Date(after + seconds * 1000).toISOString().slice(11, 16)} UTC`;
}

function scaled(value: number, scale: Scale, digits: number): string {
  if (value === 0) return `0 ${scale === BYTES ? "B" : "s"}`;
  const [size, unit] = scaleFor(Math.abs(value), scale);
  return `${rounded(value / size, digits)} ${unit}`;
}

/** The largest unit of which there is at least one; the smallest for less than that. */
function scaleFor(value: number, scale: Scale): readonly [size: number, unit: string] {
  return scale.findLast(([size]) => value >= size) ?? (scale[0] as readonly [number, string]);
}

/** So many significant digits, but never less than all digits before the point. */
function rounded(value: number, digits: number): string {
  const whole = Math.trunc(Math.abs(value)).toString().length;
  if (Math.abs(value) >= 1e15) return value.toExponential(1);
  return String(Number(value.toPrecision(Math.min(100, Math.max(digits, whole)))));
}
