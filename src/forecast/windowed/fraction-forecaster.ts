import type { Counts, WindowAhead, WindowedFraction } from "../../core/windowed-number.ts";
import { RATES, RecentCounts } from "./recent-counts.ts";
import { Scatter } from "./scatter.ts";

/** The rate of which the number of coming tasks is expected: that of about one window. */
const TRAFFIC = 3;
/** The rate that scatter is measured around. */
const LEVEL = 4;

/**
 * Expects the value of a rate, a ratio or a mean over a window: known slices, and what comes at
 * several rates.
 */
export class FractionForecaster {
  readonly #number: WindowedFraction;
  readonly #recent: RecentCounts;
  readonly #scatter: Scatter;
  #counted: Counts | undefined;

  constructor(number: WindowedFraction) {
    this.#number = number;
    this.#recent = new RecentCounts(number.span.fullSeconds);
    this.#scatter = new Scatter(number.span.fullSeconds);
  }

  /** Learns what was counted within the last `seconds`. `undefined`: it is not known how long. */
  learn(seconds: number | undefined): void {
    const { isRate, counted } = this.#number;
    const before = this.#counted;
    this.#counted = counted;
    if (before === undefined || seconds === undefined) return;
    const added = { part: counted.part - before.part, whole: counted.whole - before.whole };
    const per = this.#recent.part(LEVEL) / (isRate ? this.#recent.seconds(LEVEL) : this.#recent.whole(LEVEL));
    if (Number.isFinite(per)) this.#scatter.add(added.part - per * (isRate ? seconds : added.whole), seconds);
    this.#recent.add(added, seconds);
  }

  /** Writes the value that each rate leads to into `into`, from `from` on. */
  expect(ahead: WindowAhead, current: number, into: Float64Array, from: number): void {
    const known = this.#number.knownAfter(ahead.begunSlices);
    for (let rate = 0; rate < RATES; rate += 1)
      into[from + rate] = this.#valueAt(rate, ahead, known) ?? current;
  }

  /** The scatter of the value. */
  scatter(ahead: WindowAhead): number {
    const { isRate } = this.#number;
    const { comingSeconds } = ahead;
    const remembered = this.#recent.seconds(LEVEL);
    const variance =
      this.#scatter.variance * (comingSeconds + comingSeconds ** 2 / Math.max(remembered, comingSeconds / 4));
    const whole = isRate
      ? ahead.coveredSeconds
      : this.#number.knownAfter(ahead.begunSlices).whole + this.#traffic * comingSeconds;
    return whole > 0 ? Math.sqrt(variance) / whole : 0;
  }

  get #traffic(): number {
    return this.#recent.whole(TRAFFIC) / this.#recent.seconds(TRAFFIC);
  }

  #valueAt(rate: number, { comingSeconds, coveredSeconds }: WindowAhead, known: Counts): number | undefined {
    const seconds = this.#recent.seconds(rate);
    if (!(seconds > 0)) return undefined;
    if (this.#number.isRate)
      return (known.part + (comingSeconds * this.#recent.part(rate)) / seconds) / coveredSeconds;
    const whole = this.#recent.whole(rate);
    const coming = this.#traffic * comingSeconds;
    const part = whole > 0 ? (coming * this.#recent.part(rate)) / whole : 0;
    const total = known.whole + (whole > 0 ? coming : 0);
    return total > 0 ? (known.part + part) / total : undefined;
  }
}
