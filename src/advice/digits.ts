/** Significant digits of a value, the same in alerts and recommendations. */
export const USUAL_DIGITS = 3;

/** More digits are noise of the arithmetic. */
export const MOST_DIGITS = 15;

/** To which digits a number is rounded. */
export interface Precision {
  readonly digits: number;
  /** Whether every digit before the decimal point is kept, also beyond `digits`. */
  readonly keepsWhole: boolean;
}

/** The precision of a measured value. */
export function measured(digits = USUAL_DIGITS): Precision {
  return { digits, keepsWhole: true };
}

/**
 * The precision of a forecast: down to the second digit of the width of its interval, but no more
 * digits than a measured value has. 0.597 with an interval from 0.53 to 0.66 has two digits: 0.6.
 */
export function predicted(value: number, lower: number, upper: number): Precision {
  const width = Math.abs(upper - lower);
  if (!(width > 0 && Number.isFinite(width))) return measured();
  const place = magnitudeOf(value);
  const most = Math.max(USUAL_DIGITS, place + 1);
  const supported = place - (magnitudeOf(width) - 1) + 1;
  return { digits: Math.min(most, Math.max(1, supported)), keepsWhole: false };
}

/** The number, rounded. */
export function rounded(value: number, { digits, keepsWhole }: Precision): number {
  const whole = magnitudeOf(value) + 1;
  const kept = keepsWhole && whole <= MOST_DIGITS ? Math.max(digits, whole) : digits;
  return Number(value.toPrecision(kept));
}

/** The text of a rounded number. It has an exponent from 10^15 on, and below 10^-6. */
export function digitsOf(value: number): string {
  return Math.abs(value) >= 10 ** MOST_DIGITS && Number.isFinite(value)
    ? value.toExponential()
    : String(value);
}

/** The power of ten of the first digit: 2 for 597, -1 for 0.5. */
export function magnitudeOf(value: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Number(value.toExponential().split("e")[1]);
}
