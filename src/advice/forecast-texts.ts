import { furtherDigitsApart, limitText, textBeside, withFurther } from "./beside-limit.ts";
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
  /** Whether the text is about the change from the current value to the predicted one. */
  readonly showsChange?: boolean | undefined;
}

/** The same numbers as texts. The text of a number that is absent is empty. */
export type TextsShown = Readonly<Record<Exclude<keyof NumbersShown, "showsChange">, string>>;

/**
 * Formats the numbers of one text. The prediction and the bounds of its interval have the digits
 * that the width of the interval supports. More digits are shown where a change, or the side of the
 * limit, is not visible without them.
 */
export function textsOf(numbers: NumbersShown, write: Writer): TextsShown {
  const { current, predicted, lower, upper, limit, showsChange } = numbers;
  const given = [current, predicted, lower, upper].filter((value) => value !== undefined);
  const bar = limit === undefined ? undefined : limitText(limit, given, write);
  const ofForecast = (value: number) => ofInterval(value, lower ?? value, upper ?? value);
  const further =
    showsChange && predicted !== undefined
      ? furtherDigitsApart(
          { value: current, precision: measured() },
          { value: predicted, precision: ofForecast(predicted) },
          write,
        )
      : 0;
  const textFor = (value: number, precision: Precision) =>
    bar === undefined ? write(value, precision).text : textBeside({ value, precision }, bar, write);
  const forecastText = (value: number | undefined, digits = 0) =>
    value === undefined ? "" : textFor(value, withFurther(digits, ofForecast(value)));
  return {
    current: textFor(current, withFurther(further, measured())),
    predicted: forecastText(predicted, further),
    lower: forecastText(lower),
    upper: forecastText(upper),
    limit: bar?.text ?? "",
  };
}
