import type { Trend } from "../core/forecast.ts";
import { furtherDigitsApart, limitText, type Shown, textBeside, withFurtherDigits } from "./beside-limit.ts";
import { measured, predicted } from "./digits.ts";
import { type Quantity, written } from "./human-units.ts";

/** The numbers of a forecast that a sentence shows. */
export interface ForecastNumbersShown {
  readonly current: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
  readonly trend: Trend;
  readonly quantity: Quantity;
  /** Absent if the sentence mentions no limit. */
  readonly limit: number | undefined;
}

/** The same numbers as texts. `limit` is empty if the sentence mentions none. */
export interface ForecastTexts {
  readonly current: string;
  readonly predicted: string;
  readonly limit: string;
}

/**
 * Formats the numbers of one sentence. The prediction has the digits that its interval supports.
 * More digits are shown where a change or the side of the limit is not visible without them.
 */
export function textsOf(given: ForecastNumbersShown): ForecastTexts {
  const { quantity, limit, trend } = given;
  const now: Shown = { value: given.current, precision: measured() };
  const then: Shown = {
    value: given.predicted,
    precision: predicted(given.predicted, given.lower, given.upper),
  };
  const further = trend === "stable" ? 0 : furtherDigitsApart(now, then, quantity);
  const bar = limit === undefined ? undefined : limitText(limit, [now.value, then.value], quantity);
  const textFor = (shown: Shown) =>
    bar === undefined
      ? written(shown.value, quantity, shown.precision).text
      : textBeside(shown, bar, quantity);
  return {
    current: textFor(withFurtherDigits(now, further)),
    predicted: textFor(withFurtherDigits(then, further)),
    limit: bar?.text ?? "",
  };
}
