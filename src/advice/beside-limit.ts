import { MOST_DIGITS, measured, type Precision, USUAL_DIGITS } from "./digits.ts";
import type { Writer, Written } from "./written.ts";

/** A limit with more digits than this was computed, and is rounded like a value. */
const MOST_DIGITS_OF_A_LIMIT = 8;

/** A value and the precision that it is written with where nothing else asks for more digits. */
export interface Shown {
  readonly value: number;
  readonly precision: Precision;
}

/** A limit with its text. */
export interface WrittenLimit extends Written {
  readonly limit: number;
}

/** A limit, with as many digits as it was given with, or as the values near it need. */
export function limitText(limit: number, values: readonly number[], write: Writer): WrittenLimit {
  const amounts = values.map((value) => write(value, measured()).amount);
  const asWritten = (digits: number) => ({ ...write(limit, measured(digits)), limit });
  return (
    firstFitting(asWritten, USUAL_DIGITS, MOST_DIGITS_OF_A_LIMIT, ({ stands, amount }) =>
      isSame(stands, amount),
    ) ??
    firstFitting(asWritten, USUAL_DIGITS, MOST_DIGITS, ({ stands, amount }) =>
      amounts.every((each) => Math.sign(each - amount) === Math.sign(each - stands)),
    ) ??
    asWritten(MOST_DIGITS)
  );
}

/**
 * A value beside a limit, with as many digits as it takes to see on which side of the limit it is:
 * `98.96%` beside `99%`, `999.6 ms` beside `1 s`. If no digits of a number show it: `just below 99%`.
 */
export function textBeside({ value, precision }: Shown, bar: WrittenLimit, write: Writer): string {
  const side = Math.sign(value - bar.limit);
  const asWritten = (digits: number) => write(value, { ...precision, digits });
  const found = firstFitting(asWritten, precision.digits, MOST_DIGITS, (it) => isOnSide(side, it, bar));
  if (found !== undefined) return found.text;
  return side === 0 ? bar.text : `just ${side > 0 ? "above" : "below"} ${bar.text}`;
}

/** How many more digits two values need until their texts show which of them is larger. */
export function furtherDigitsApart(first: Shown, second: Shown, write: Writer): number {
  const side = Math.sign(first.value - second.value);
  const asWritten = (further: number) => ({
    further,
    one: writtenWith(further, first, write),
    other: writtenWith(further, second, write),
  });
  const most = MOST_DIGITS - Math.max(first.precision.digits, second.precision.digits);
  const found = firstFitting(asWritten, 0, most, ({ one, other }) => isOnSide(side, one, other));
  return found?.further ?? 0;
}

/** The precision with more digits. */
export function withFurther(digits: number, precision: Precision): Precision {
  return { ...precision, digits: precision.digits + digits };
}

function writtenWith(further: number, { value, precision }: Shown, write: Writer): Written {
  return write(value, withFurther(further, precision));
}

/** Whether a value lies on this side of another also as they are written. */
function isOnSide(side: number, one: Written, other: Written): boolean {
  return Math.sign(one.stands - other.stands) === side;
}

/** Equal but for the noise of the arithmetic, as in 100 * 0.57. */
function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-12 * Math.abs(other);
}

/** The text with the fewest digits that fits. */
function firstFitting<Text>(
  asWritten: (digits: number) => Text,
  from: number,
  to: number,
  fits: (text: Text) => boolean,
): Text | undefined {
  for (let digits = from; digits <= to; digits += 1) {
    const text = asWritten(digits);
    if (fits(text)) return text;
  }
  return undefined;
}
