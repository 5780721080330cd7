import type { HistogramPoint } from "../core/metric-point.ts";
import { HistogramWindow } from "../statistics/histogram-window.ts";
import { SumWindow } from "../statistics/sliding-window.ts";
import type { MeasuredNumber } from "./forecast-view.ts";
import type { SavedSelection } from "./saved-selection.ts";

type Saved = Pick<SavedSelection, "count" | "levels" | "durations" | "countEver" | "sumEver">;

/**
 * The windows of all points of a selection, which its outputs share. It has only those they need.
 * Selections that need none share one object.
 */
export class SharedWindows {
  static readonly #none = new SharedWindows([], 1);

  /** All counts; only ratios and means need it. */
  readonly count: SumWindow | undefined;
  /** Only means need it. */
  readonly levels: SumWindow | undefined;
  readonly durations: HistogramWindow | undefined;
  /** All counts and the sum of all values since the start. */
  countEver = 0;
  sumEver = 0;

  private constructor(outputs: readonly MeasuredNumber[], slices: number) {
    const hasAny = (...numbers: readonly MeasuredNumber[]): boolean =>
      outputs.some((output) => numbers.includes(output));
    this.count = hasAny("ratio", "mean") ? new SumWindow({ slices }) : undefined;
    this.levels = hasAny("mean") ? new SumWindow({ slices }) : undefined;
    this.durations = hasAny("quantile", "mean") ? new HistogramWindow({ slices }) : undefined;
  }

  /** @param slices the length of the windows. */
  static for(outputs: readonly MeasuredNumber[], slices: number): SharedWindows {
    const windows = new SharedWindows(outputs, slices);
    return windows.#isNeeded ? windows : SharedWindows.#none;
  }

  /** Closes the open slice of every window, and opens the next one. */
  advance(): void {
    this.count?.advance();
    this.levels?.advance();
    this.durations?.advance();
  }

  /** Adds an increment. Returns what it counts. */
  addCount(value: number | HistogramPoint): number {
    const count = finite(typeof value === "number" ? value : value.count);
    if (!this.#isNeeded) return count;
    this.count?.add(count);
    this.countEver += count;
    if (typeof value === "number") return count;
    this.durations?.add(value);
    this.sumEver += finite(value.sum);
    return count;
  }

  addLevel(value: number): void {
    if (!this.#isNeeded) return;
    this.levels?.add(value);
    this.count?.add(1);
    this.countEver += 1;
    this.sumEver += finite(value);
  }

  saved(): Saved {
    const count = this.count?.saved();
    const levels = this.levels?.saved();
    const durations = this.durations?.saved();
    return {
      ...(count === undefined ? {} : { count }),
      ...(levels === undefined ? {} : { levels }),
      ...(durations === undefined ? {} : { durations }),
      countEver: this.countEver,
      sumEver: this.sumEver,
    };
  }

  restore({ count, levels, durations, countEver, sumEver }: Saved): void {
    if (!this.#isNeeded) return;
    if (count !== undefined) this.count?.restore(count);
    if (levels !== undefined) this.levels?.restore(levels);
    if (durations !== undefined) this.durations?.restore(durations);
    this.countEver = countEver;
    this.sumEver = sumEver;
  }

  get #isNeeded(): boolean {
    return this.count !== undefined || this.durations !== undefined;
  }
}

/** The number, or 0: one that is not finite would spoil a sum for ever. */
function finite(number: number): number {
  return Number.isFinite(number) ? number : 0;
}
