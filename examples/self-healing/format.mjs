const MOST_DIGITS = 3;

const rounded = (value, digits) => Number(value.toPrecision(digits));

export const percent = (value, digits = MOST_DIGITS) => `${rounded(value, digits)}%`;

export const share = (value, digits = MOST_DIGITS) => percent(100 * value, digits);

/** A duration: "350 ms", "1.2 s", "2 min". */
export function duration(seconds, digits = MOST_DIGITS) {
  const value = rounded(seconds, digits);
  if (value < 1) return `${rounded(1000 * value, digits)} ms`;
  return value >= 60 && value % 60 === 0 ? `${value / 60} min` : `${value} s`;
}

/** A value beside a limit, with as many digits as it takes to tell them apart. */
export function beside(limit, show, value, digits = MOST_DIGITS) {
  const text = show(value, digits);
  const isAlike = text === show(limit) && value !== limit && digits < 15;
  return isAlike ? beside(limit, show, value, digits + 1) : text;
}

/** Minutes and seconds on a clock: "1:05". */
export function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/** "1 outage", "2 outages". */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * The digits of a forecast that its interval supports: down to the second digit of the width of the
 * interval.
 */
export function supportedDigits({ predictedValue, lower, upper }) {
  const place = (value) => Math.floor(Math.log10(Math.abs(value)));
  if (predictedValue === 0 || lower === upper) return MOST_DIGITS;
  return Math.min(MOST_DIGITS, Math.max(1, place(predictedValue) - place(upper - lower) + 2));
}
