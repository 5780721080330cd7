import { furtherDigitsApart, limitText, type Shown, textBeside, withFurther } from "./beside-limit.ts";
import { measured, predicted as ofInterval, type Precision } from "./digits.ts";
import type { Writer } from "./written.ts";

/** The numbers of a forecast that a text shows. */
export interface NumbersShown {
  readonly current: number;
  /** Absent if there is no forecast. */
  readonly predicted?: number | undefined;
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  /** Absent if the text mentions no limit. */
  readonly limit?: number | undefined;
}

/** The same numbers as texts. The text of a number that is absent is empty. */
export type TextsShown = Readonly<Record<keyof NumbersShown, string>>;

/**
 * Formats the numbers of one text. The prediction and the bounds of its interval have the digits
 * that the width of the interval supports. More digits are shown where a change, or the side of the
 * limit, is not visible without them.
 */
export function textsOf(numbers: NumbersShown, write: Writer): TextsShown {
  const { current, predicted, lower, upper, limit } = numbers;
  const shown = (value: number | undefined, precision: Precision): Shown[] =>
    value === undefined ? [] : [{ value, precision }];
  const forecast = (value: number | undefined) =>
    shown(value, value === undefined ? measured() : ofInterval(value, lower ?? value, upper ?? value));
  const [now, then] = [shown(current, measured()), forecast(predicted)];
  const given = [current, predicted, lower, upper].filter((value) => value !== undefined);
  const bar = limit === undefined ? undefined : limitText(limit, given, write);
  const further = now[0] && then[0] ? furtherDigitsApart(now[0], then[0], write) : 0;
  const textFor = ([one]: readonly Shown[], digits = 0) => {
    if (one === undefined) return "";
    const precision = withFurther(digits, one.precision);
    return bar === undefined
      ? write(one.value, precision).text
      : textBeside({ ...one, precision }, bar, write);
  };
  return {
    current: textFor(now, further),
    predicted: textFor(then, further),
    lower: textFor(forecast(lower)),
    upper: textFor(forecast(upper)),
    limit: bar?.text ?? "",
  };
}
