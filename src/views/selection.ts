import type { MeasuredMetric, MeasuredPoint } from "../core/measured-metric.ts";
import type { HistogramPoint } from "../core/metric-point.ts";
import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import type { WindowedNumber, WindowSpan } from "../core/windowed-number.ts";
import { HistogramWindow } from "../statistics/histogram-window.ts";
import { SumWindow } from "../statistics/sliding-window.ts";
import type { MeasuredNumber } from "./forecast-view.ts";
import type { ResolvedOutput } from "./resolved-output.ts";
import { windowOf } from "./window-of.ts";

/** One output of a selection: a series with its windowed counts. */
interface OutputState {
  readonly output: ResolvedOutput;
  readonly key: SeriesKey;
  readonly id: string;
  /** Counts of the points that match the output's `of`. Only rates and ratios need them. */
  readonly counted: SumWindow | undefined;
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
  #level: number | undefined;
  readonly #slices: number;
  /** All counts and the sum of all values since the start. */
  #countEver = 0;
  #sumEver = 0;

  constructor(labels: Labels, outputs: readonly ResolvedOutput[], slices: number, now: number) {
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

  /** Closes the open slice of every window, and opens the next one. */
  advance(): void {
    this.#count?.advance();
    this.#levels?.advance();
    this.#durations?.advance();
    for (const state of this.#states) state.counted?.advance();
  }

  take(metric: MeasuredMetric, point: MeasuredPoint<number | HistogramPoint>, now: number): void {
    this.lastHeardAt = now;
    if (metric.kind === "level") {
      this.#level = point.value as number;
      this.#levels?.add(this.#level);
      this.#count?.add(1);
      this.#countEver += 1;
      this.#sumEver += finite(this.#level);
      return;
    }
    const count = finite(typeof point.value === "number" ? point.value : point.value.count);
    this.#count?.add(count);
    this.#countEver += count;
    for (const state of this.#states) {
      if (!state.output.counts(point.labels)) continue;
      state.counted?.add(count);
      state.total += count;
    }
    if (typeof point.value === "number") return;
    this.#durations?.add(point.value);
    this.#sumEver += finite(point.value.sum);
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
        return this.#level;
      case "total":
        return state.total;
      case "rate":
        return coveredSeconds > 0 ? totalOf(state.counted) / coveredSeconds : undefined;
      case "ratio":
        return ratioOf(state.counted, this.#count);
      case "quantile":
        return this.#durations?.quantile(spec.quantile ?? 0.5);
      case "mean":
        return this.#mean();
    }
  }

  #windowOf(state: OutputState, span: WindowSpan): WindowedNumber | undefined {
    const windows = {
      slices: this.#slices,
      counted: state.counted,
      count: this.#count,
      levels: this.#levels,
      durations: this.#durations,
      countedEver: () => state.total,
      countEver: () => this.#countEver,
      sumEver: () => this.#sumEver,
    };
    return windowOf(state.output, windows, span);
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
