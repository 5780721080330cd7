import type { IncrementPoint, MeasuredMetric, MeasuredPoint } from "../core/measured-metric.ts";
import type { HistogramPoint } from "../core/metric-point.ts";
import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import type { WindowedNumber, WindowSpan } from "../core/windowed-number.ts";
import { HistogramWindow } from "../statistics/histogram-window.ts";
import { SumWindow } from "../statistics/sliding-window.ts";
import type { MeasuredNumber } from "./forecast-view.ts";
import { LevelSum } from "./level-sum.ts";
import type { ResolvedOutput } from "./resolved-output.ts";
import type { SavedSelection } from "./saved-selection.ts";
import { labelsOfSource } from "./totals-of-today.ts";
import { spanOfCounts, windowOf } from "./window-of.ts";

/** One output of a selection: a series with its windowed counts. */
interface OutputState {
  readonly output: ResolvedOutput;
  readonly key: SeriesKey;
  readonly id: string;
  /** Counts of the points that match the output's `of`. Only rates and ratios need them. */
  readonly counted: SumWindow | undefined;
  /** The counts of this process. A total also has those from before. */
  countedEver: number;
  total: number;
  last: number | undefined;
  window: WindowedNumber | undefined;
}

/** One number of one series that a view made. */
export interface ViewValue {
  readonly output: ResolvedOutput;
  readonly key: SeriesKey;
  readonly id: string;
  readonly value: number;
  /** The window that the number was made of; absent for a level and a total. */
  readonly window?: WindowedNumber | undefined;
}

/**
 * The points that a view selects for one set of group labels, over a sliding window, and the series
 * that it makes of them.
 */
export class Selection {
  readonly labels: Labels;
  lastHeardAt: number;
  readonly #states: readonly OutputState[];
  /** All counts; only ratios and means need it. */
  readonly #count: SumWindow | undefined;
  readonly #durations: HistogramWindow | undefined;
  /** Only means need it. */
  readonly #levels: SumWindow | undefined;
  /** Only of a view that sums over attributes; other levels are one number. */
  readonly #sum: LevelSum | undefined;
  #level: number | undefined;
  readonly #slices: number;
  /** All counts and the sum of all values since the start. */
  #countEver = 0;
  #sumEver = 0;
  /**
   * Since when the counts are known (epoch milliseconds), if that is the first reading of a total;
   * `undefined`: since the start of the process.
   */
  #countedSince: number | undefined;
  #hasCounted = false;

  /** @param maxSummed the most attribute sets whose levels are summed; absent: no sum. */
  constructor(
    labels: Labels,
    outputs: readonly ResolvedOutput[],
    slices: number,
    now: number,
    maxSummed?: number,
  ) {
    this.#sum = maxSummed === undefined ? undefined : new LevelSum(maxSummed);
    this.labels = labels;
    this.#slices = slices;
    this.lastHeardAt = now;
    const hasAny = (...numbers: readonly MeasuredNumber[]): boolean =>
      outputs.some(({ spec }) => numbers.includes(spec.number));
    this.#count = hasAny("ratio", "mean") ? new SumWindow({ slices }) : undefined;
    this.#levels = hasAny("mean") ? new SumWindow({ slices }) : undefined;
    this.#durations = hasAny("quantile", "mean") ? new HistogramWindow({ slices }) : undefined;
    this.#states = outputs.map((output) => {
      const key = { metric: output.metric, labels };
      return {
        output,
        key,
        id: seriesId(key),
        counted: ["rate", "ratio"].includes(output.spec.number) ? new SumWindow({ slices }) : undefined,
        countedEver: 0,
        total: 0,
        last: undefined,
        window: undefined,
      };
    });
  }

  /** The instrumentation scope that the view selects; `undefined`: any. */
  get scope(): string | undefined {
    return this.#states[0]?.output.view.scope;
  }

  get seriesKeys(): SeriesKey[] {
    return this.#states.map((state) => state.key);
  }

  /** The windows, as plain data. */
  saved(): Omit<SavedSelection, "id" | "begun"> {
    const count = this.#count?.saved();
    const levels = this.#levels?.saved();
    const durations = this.#durations?.saved();
    return {
      outputs: this.#states.map(({ id, counted, countedEver, last }) => ({
        id,
        ...(counted === undefined ? {} : { counted: counted.saved() }),
        countedEver,
        ...(last === undefined ? {} : { last }),
      })),
      ...(count === undefined ? {} : { count }),
      ...(levels === undefined ? {} : { levels }),
      ...(durations === undefined ? {} : { durations }),
      countEver: this.#countEver,
      sumEver: this.#sumEver,
      ...(this.#countedSince === undefined ? {} : { countedSince: this.#countedSince }),
      hasCounted: this.#hasCounted,
    };
  }

  /** Takes over the windows of the last process. Call it before the first point. */
  restore({ outputs, count, levels, durations, ...sums }: Omit<SavedSelection, "id" | "begun">): void {
    for (const state of this.#states) {
      const saved = outputs.find(({ id }) => id === state.id);
      if (saved === undefined) continue;
      if (saved.counted !== undefined) state.counted?.restore(saved.counted);
      state.countedEver = saved.countedEver;
      state.last = saved.last;
    }
    if (count !== undefined) this.#count?.restore(count);
    if (levels !== undefined) this.#levels?.restore(levels);
    if (durations !== undefined) this.#durations?.restore(durations);
    this.#countEver = sums.countEver;
    this.#sumEver = sums.sumEver;
    this.#countedSince = sums.countedSince;
    this.#hasCounted = sums.hasCounted;
  }

  /** Closes the open slice of every window, and opens the next one. */
  advance(): void {
    this.#count?.advance();
    this.#levels?.advance();
    this.#durations?.advance();
    for (const state of this.#states) state.counted?.advance();
  }

  /** Returns whether there was room for the point. */
  take(
    metric: MeasuredMetric,
    point: MeasuredPoint<number | HistogramPoint> & Pick<IncrementPoint, "before">,
    now: number,
  ): boolean {
    this.lastHeardAt = now;
    if (metric.kind === "level") return this.#takeLevel(metric, point as MeasuredPoint<number>, now);
    if (point.before === undefined) this.#hasCounted = true;
    else if (!this.#hasCounted) this.#countedSince ??= now;
    const count = finite(typeof point.value === "number" ? point.value : point.value.count);
    this.#count?.add(count);
    this.#countEver += count;
    for (const state of this.#states) {
      if (!state.output.counts(point.labels)) continue;
      state.counted?.add(count);
      state.countedEver += count;
      state.total += count + (point.before ?? 0);
    }
    if (typeof point.value === "number") return true;
    this.#durations?.add(point.value);
    this.#sumEver += finite(point.value.sum);
    return true;
  }

  /** Forgets the levels whose source has gone. */
  forgetLevels(isGone: (labels: Labels, lastHeardAt: number) => boolean): void {
    this.#sum?.forget(isGone);
  }

  #takeLevel(metric: MeasuredMetric, { labels, value }: MeasuredPoint<number>, now: number): boolean {
    this.#level = value;
    this.#levels?.add(value);
    this.#count?.add(1);
    this.#countEver += 1;
    this.#sumEver += finite(value);
    if (this.#sum === undefined) return true;
    const id = seriesId({ metric: `${metric.scope}\u0000${metric.name}`, labels });
    return this.#sum.set(id, labelsOfSource(metric, labels), value, now);
  }

  /** The current numbers. If nothing happened in the window, the last known number is used. */
  *values(span: WindowSpan): Iterable<ViewValue> {
    for (const state of this.#states) {
      const value = this.#valueOf(state, span.coveredSeconds) ?? state.last;
      if (value === undefined || !Number.isFinite(value)) continue;
      state.last = value;
      state.window ??= this.#windowOf(state, span);
      yield { output: state.output, key: state.key, id: state.id, value, window: state.window };
    }
  }

  #valueOf(state: OutputState, coveredSeconds: number): number | undefined {
    const { spec } = state.output;
    switch (spec.number) {
      case "level":
        return this.#sum === undefined ? this.#level : this.#sum.total;
      case "total":
        return state.total;
      case "rate":
        return this.#rateOf(state, coveredSeconds);
      case "ratio":
        return ratioOf(state.counted, this.#count);
      case "quantile":
        return this.#durations?.quantile(spec.quantile ?? 0.5);
      case "mean":
        return this.#mean();
    }
  }

  #windowOf(state: OutputState, span: WindowSpan): WindowedNumber | undefined {
    const isRate = state.output.spec.number === "rate";
    const windows = {
      slices: this.#slices,
      counted: state.counted,
      count: this.#count,
      levels: this.#levels,
      durations: this.#durations,
      countedEver: () => state.countedEver,
      countEver: () => this.#countEver,
      sumEver: () => this.#sumEver,
    };
    return windowOf(
      state.output,
      windows,
      isRate ? spanOfCounts(span, (covered, later) => this.#countedSeconds(covered, later)) : span,
    );
  }

  /** For how long of the covered time the counts are known, now or later. */
  #countedSeconds(coveredSeconds: number, later = 0): number {
    const since = (this.lastHeardAt - (this.#countedSince ?? 0)) / 1000;
    return since > 0 ? Math.min(since + later, coveredSeconds) : coveredSeconds;
  }

  /** `undefined` until something was counted in a time that is known. */
  #rateOf({ counted }: OutputState, coveredSeconds: number): number | undefined {
    if (!this.#hasCounted) return undefined;
    const seconds = this.#countedSeconds(coveredSeconds);
    return seconds > 0 ? totalOf(counted) / seconds : undefined;
  }

  #mean(): number | undefined {
    if (this.#level === undefined) return this.#durations?.mean();
    return ratioOf(this.#levels, this.#count);
  }
}

function totalOf(window: SumWindow | undefined): number {
  return window?.total ?? 0;
}

function ratioOf(part: SumWindow | undefined, whole: SumWindow | undefined): number | undefined {
  const total = totalOf(whole);
  return total > 0 ? totalOf(part) / total : undefined;
}

/** The number, or 0: one that is not finite would spoil a sum for ever. */
function finite(number: number): number {
  return Number.isFinite(number) ? number : 0;
}
