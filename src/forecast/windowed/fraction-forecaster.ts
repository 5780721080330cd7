import type { Counts, WindowAhead, WindowedFraction } from "../../core/windowed-number.ts";
import { LentRow } from "../../math/lent-row.ts";
import type { RowTables } from "../../math/row-tables.ts";
import type { ComingPart, Deviation } from "./coming-part.ts";
import { RATES, RecentCounts, ratesByName } from "./recent-counts.ts";
import type { SavedFraction } from "./saved-windowed.ts";
import { Scatter } from "./scatter.ts";

/** The rate at which the denominator is expected to come. */
const TRAFFIC = 3;
/** The rate that scatter is measured around. */
const LEVEL = 4;

/** Expects a rate, a ratio or a mean over a window: the known sums, and what comes at several rates. */
export class FractionForecaster implements ComingPart {
  readonly ways = ratesByName;
  readonly combination = "median";
  readonly #number: WindowedFraction;
  readonly #row: LentRow;
  readonly #recent: RecentCounts;
  readonly #scatter: Scatter;
  #hasCounted = false;
  // What was counted until the last step: in fields, which are written on, as there are thousands of series.
  #part = 0;
  #whole = 0;

  constructor(number: WindowedFraction, tables: RowTables) {
    const { fullSeconds } = number.span;
    this.#number = number;
    this.#row = LentRow.of(tables, RecentCounts.width + Scatter.width);
    this.#recent = new RecentCounts(fullSeconds, this.#row, 0);
    this.#scatter = new Scatter(fullSeconds, this.#row, RecentCounts.width);
  }

  assumedErrorOfNoChange(): number {
    return 1;
  }

  learn(seconds: number | undefined): void {
    const { part, whole } = this.#number.counted();
    const added = { part: part - this.#part, whole: whole - this.#whole };
    const isKnown = this.#hasCounted && seconds !== undefined;
    this.#take({ part, whole });
    if (!isKnown) return;
    const per = this.#per(LEVEL);
    if (per !== undefined)
      this.#scatter.add(added.part - per * (this.#isRate ? seconds : added.whole), seconds);
    this.#recent.add(added, seconds);
  }

  saved(): SavedFraction {
    return {
      recent: this.#recent.saved(),
      scatter: this.#scatter.saved(),
      ...(this.#hasCounted ? { counted: { part: this.#part, whole: this.#whole } } : {}),
    };
  }

  restore(saved: SavedFraction | undefined): void {
    if (saved === undefined) return;
    const { recent, scatter, counted } = saved;
    this.#recent.restore(recent);
    this.#scatter.restore(scatter);
    const now = this.#number.counted();
    // Counts that begin with the process say nothing of what was added since.
    const goesOn = counted !== undefined && now.part >= counted.part && now.whole >= counted.whole;
    if (goesOn) this.#take(counted);
    else this.#hasCounted = false;
  }

  remove(): void {
    this.#row.giveBack();
  }

  expect(ahead: WindowAhead, current: number, into: Float64Array, start: number): void {
    const known = this.#number.knownAfter(ahead.begunSlices);
    for (let rate = 0; rate < RATES; rate += 1)
      into[start + rate] = this.#valueAfter(rate, ahead, known) ?? current;
  }

  /** Of what comes, and of the rate that it is expected at. */
  deviation(ahead: WindowAhead): Deviation {
    const { comingSeconds } = ahead;
    const remembered = Math.max(this.#recent.seconds(LEVEL), comingSeconds / 4);
    const variance = this.#scatter.variance * (comingSeconds + comingSeconds ** 2 / remembered);
    const whole = this.#isRate
      ? ahead.coveredSeconds
      : this.#number.knownAfter(ahead.begunSlices).whole + this.#traffic * comingSeconds;
    const deviation = whole > 0 ? Math.sqrt(variance) / whole : 0;
    return { down: deviation, up: deviation };
  }

  #take({ part, whole }: Counts): void {
    this.#hasCounted = true;
    this.#part = part;
    this.#whole = whole;
  }

  get #isRate(): boolean {
    return this.#number.kind === "rate";
  }

  /** What comes of the denominator in a second. */
  get #traffic(): number {
    const seconds = this.#recent.seconds(TRAFFIC);
    return seconds > 0 ? this.#recent.whole(TRAFFIC) / seconds : 0;
  }

  /** The numerator for each one of the denominator. */
  #per(rate: number): number | undefined {
    const whole = this.#isRate ? this.#recent.seconds(rate) : this.#recent.whole(rate);
    return whole > 0 ? this.#recent.part(rate) / whole : undefined;
  }

  #valueAfter(rate: number, ahead: WindowAhead, known: Counts): number | undefined {
    const per = this.#per(rate);
    const { comingSeconds, coveredSeconds } = ahead;
    if (this.#isRate) return per && (known.part + per * comingSeconds) / coveredSeconds;
    const coming = per === undefined ? 0 : this.#traffic * comingSeconds;
    const whole = known.whole + coming;
    return whole > 0 ? (known.part + (per ?? 0) * coming) / whole : undefined;
  }
}
