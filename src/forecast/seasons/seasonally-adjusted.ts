import type { RowTables } from "../../math/row-tables.ts";
import type { FittedMethod, PlausibleRange } from "../method.ts";
import { nearestPlausible } from "../regimes/seen-range.ts";
import type { SeasonalPattern } from "./seasonal-pattern.ts";

/** What is needed of a pattern to forecast with it. */
type Season = Pick<SeasonalPattern, "period" | "pattern">;

/** The lowest and the highest value of a series. */
interface ValueRange {
  readonly lowest: number;
  readonly highest: number;
}

const UNLIMITED: ValueRange = { lowest: Number.NEGATIVE_INFINITY, highest: Number.POSITIVE_INFINITY };

/**
 * A method that was fitted without the seasons, and the seasons, which are added to its forecasts.
 * New points move the phase and update the method.
 */
export class SeasonallyAdjusted implements FittedMethod {
  readonly #inner: FittedMethod;
  #seasons: readonly Season[];
  /** Since phase 0 of the patterns. */
  #elapsedSteps = 0;
  #lowest: number;
  #highest: number;

  /**
   * @param seen The range of the values with the seasons. A forecast is limited to what is plausible
   *   for it. Absent: forecasts have no limit.
   */
  constructor(inner: FittedMethod, patterns: readonly SeasonalPattern[], seen: ValueRange = UNLIMITED) {
    this.#inner = inner;
    this.#lowest = seen.lowest;
    this.#highest = seen.highest;
    this.#seasons = patterns.map(seasonOf);
  }

  /** The lengths of the seasons, in the order in which they were found. */
  get periods(): number[] {
    return this.#seasons.map(({ period }) => period);
  }

  /**
   * Goes on with patterns that were estimated from the past up to the newest point. What the method
   * knows of the rest stays.
   */
  goOnWith(patterns: readonly SeasonalPattern[]): void {
    this.#seasons = patterns.map(seasonOf);
    this.#elapsedSteps = 0;
  }

  update(value: number): void {
    if (value < this.#lowest) this.#lowest = value;
    if (value > this.#highest) this.#highest = value;
    this.#inner.update(value - this.#seasonAt(1));
    this.#elapsedSteps++;
  }

  at(steps: number): number {
    return nearestPlausible(this.#inner.at(steps) + this.#seasonAt(steps), this.#lowest, this.#highest);
  }

  plausible(steps: number): PlausibleRange | undefined {
    const range = this.#inner.plausible?.(steps);
    if (range === undefined) return undefined;
    const season = this.#seasonAt(steps);
    return { lower: range.lower + season, upper: range.upper + season };
  }

  settle(tables: RowTables): void {
    this.#inner.settle?.(tables);
  }

  leave(): void {
    this.#inner.leave?.();
  }

  end(): void {
    this.#inner.end?.();
  }

  untrustedTrend(steps: number): number {
    return this.#inner.untrustedTrend?.(steps) ?? 0;
  }

  #seasonAt(steps: number): number {
    let sum = 0;
    for (const { pattern, period } of this.#seasons)
      sum += pattern[(this.#elapsedSteps + steps - 1) % period] as number;
    return sum;
  }
}

/** Adds seasons to a method that was fitted without them. Without seasons it is the method itself. */
export function seasonallyAdjusted(inner: FittedMethod, patterns: readonly SeasonalPattern[]): FittedMethod {
  return patterns.length === 0 ? inner : new SeasonallyAdjusted(inner, patterns);
}

/** Without what a pattern was at each point of the past. */
function seasonOf({ period, pattern }: SeasonalPattern): Season {
  return { period, pattern };
}
