import { DAY_SECONDS, HOUR_SECONDS } from "../core/durations.ts";
import {
  digitsOf,
  MOST_DIGITS,
  magnitudeOf,
  measured,
  type Precision,
  rounded,
  USUAL_DIGITS,
} from "./digits.ts";
import { type Scale, scaled, type Written } from "./written.ts";

const MINUTE_SECONDS = 60;

const BELOW_A_MINUTE: Scale = [
  [1e-6, "µs"],
  [1e-3, "ms"],
  [1, "s"],
];

const PARTS: Scale = [
  [DAY_SECONDS, "days"],
  [HOUR_SECONDS, "h"],
  [MINUTE_SECONDS, "min"],
  [1, "s"],
];

/** Steps that a duration from a minute on is rounded to, and below them the powers of ten. */
const STEPS = [1, 10, MINUTE_SECONDS, 10 * MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS];

/** A duration in seconds: `350 ms`, `12.3 s`, `1 min 30 s`, `1 h 5 min`, `2 days`. */
export function durationText(seconds: number, precision: Precision): Written {
  if (seconds === 0) return { text: "0 s", stands: 0, amount: 0 };
  const short = scaled(seconds, BELOW_A_MINUTE, precision);
  const size = Math.abs(seconds);
  if (Math.abs(short.stands) < MINUTE_SECONDS || !Number.isFinite(size)) return short;
  const whole = inSteps(size, stepFor(size, precision));
  const sign = seconds < 0 ? "-" : "";
  return { text: `${sign}${partsOf(whole)}`, stands: Math.sign(seconds) * whole, amount: seconds };
}

function partsOf(seconds: number): string {
  let rest = seconds;
  const parts: string[] = [];
  for (const [size, unit] of PARTS) {
    const count = unit === "s" ? rounded(rest, measured(MOST_DIGITS)) : Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${digitsOf(count)} ${unit === "days" && count === 1 ? "day" : unit}`);
  }
  return parts.join(" ");
}

/** With the usual digits, two units at most. With more digits the step becomes finer. */
function stepFor(size: number, { digits }: Precision): number {
  const decimal = 10 ** (magnitudeOf(size) - digits + 1);
  const step = STEPS.findLast((each) => each <= decimal) ?? decimal;
  return digits > USUAL_DIGITS ? step : Math.max(step, secondUnitOf(size));
}

function secondUnitOf(size: number): number {
  if (size < HOUR_SECONDS) return 1;
  return size < DAY_SECONDS ? MINUTE_SECONDS : HOUR_SECONDS;
}

function inSteps(size: number, step: number): number {
  return step < 1 ? Number(size.toFixed(-magnitudeOf(step))) : Math.round(size / step) * step;
}
