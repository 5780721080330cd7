import type { Exemplar } from "../core/exemplar.ts";
import type { CountedBefore, MeasuredMetric, MeasuredPoint } from "../core/measured-metric.ts";
import type { HistogramPoint } from "../core/metric-point.ts";
import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import type { WindowedNumber, WindowSpan } from "../core/windowed-number.ts";
import type { SumWindow } from "../statistics/sliding-window.ts";
import { CountedTime } from "./counted-time.ts";
import { LevelSum } from "./level-sum.ts";
import { isWindowed, OutputState, restoreOutput, savedOutput } from "./output-state.ts";
import { quantileOf, type ResolvedOutput } from "./resolved-output.ts";
import type { SavedSelection } from "./saved-selection.ts";
import { SharedWindows } from "./shared-windows.ts";
import { labelsOfSource } from "./totals-of-today.ts";
import { SpanOfCounts, windowOf } from "./window-of.ts";
import { WindowsOfOutput } from "./windows-of-output.ts";

const NOTHING_COUNTED = new CountedTime();

/** When the numbers of a collection are read. */
export interface ReadingTime {
  /** Epoch milliseconds, which decide what today is. */
  readonly wallNow: number;
  /** A level that was not measured since then has no number. */
  readonly freshSince: number;
}

/**
 * The points that a view selects for one set of group labels, over a sliding window, and the series
 * that it makes of them.
 */
export class Selection {
  readonly labels: Labels;
  lastHeardAt: number;
  /** Whether the views have forgotten it. */
  isForgotten = false;
  readonly states: readonly OutputState[];
  readonly #shared: SharedWindows;
  /** Only of a view that sums over attributes; other levels are one number. */
  readonly #sum: LevelSum | undefined;
  #level: number | undefined;
  readonly #slices: number;
  #counted = NOTHING_COUNTED;

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
    this.#shared = SharedWindows.for(
      outputs.map(({ spec }) => spec.number),
      slices,
    );
    this.states = outputs.map((output) => new OutputState(output, labels, slices));
  }

  /** The instrumentation scope that the view selects; `undefined`: any. */
  get scope(): string | undefined {
    return this.states[0]?.output.view.scope;
  }

  get seriesKeys(): SeriesKey[] {
    return this.states.map(({ key }) => key);
  }

  /** Whether it counts what there was since midnight. */
  get countsToday(): boolean {
    return this.states.some(({ today }) => today !== undefined);
  }

  /** The windows, as plain data. */
  saved(): Omit<SavedSelection, "id" | "begun"> {
    return {
      outputs: this.states.map(savedOutput),
      ...this.#shared.saved(),
      ...this.#counted.saved(),
    };
  }

  /** Takes over the windows of the last process. Call it before the first point. */
  restore({ outputs, countedSince, hasCounted, ...shared }: Omit<SavedSelection, "id" | "begun">): void {
    for (const state of this.states) restoreOutput(state, outputs);
    this.#shared.restore(shared);
    this.#ownCounted().restore({ countedSince, hasCounted });
  }

  /** Closes the open slice of every window, and opens the next one. */
  advance(): void {
    this.#shared.advance();
    for (const state of this.states) state.counted?.advance();
  }

  /**
   * Returns whether there was room for the point.
   *
   * @param now milliseconds of a clock that nobody sets.
   * @param wallNow epoch milliseconds.
   */
  take(
    metric: MeasuredMetric,
    point: MeasuredPoint<number | HistogramPoint> & CountedBefore,
    now: number,
    wallNow: number,
  ): boolean {
    this.lastHeardAt = now;
    if (metric.kind === "level") return this.#takeLevel(metric, point as MeasuredPoint<number>, now);
    const { before, late, value } = point;
    if (before === undefined && late === undefined) this.#ownCounted().counts();
    else this.#ownCounted().begins(now);
    const count = this.#shared.addCount(value);
    const countedBefore = (before ?? 0) + (typeof value === "number" ? (late?.count ?? 0) : 0);
    for (const state of this.states) {
      if (!state.output.counts(point.labels, point.source)) continue;
      state.today?.add(sumOf(value), wallNow);
      if (late !== undefined) state.today?.addSince(late.count, late.since, wallNow);
      state.count(count, countedBefore, exemplarIn(value));
    }
    return true;
  }

  /** The number of values that other buckets took from its windows since the previous call. */
  takeEmptied(): number {
    return this.#shared.durations?.takeEmptied() ?? 0;
  }

  /** Forgets the levels whose source has gone. */
  forgetLevels(isGone: (labels: Labels, lastHeardAt: number) => boolean): void {
    this.#sum?.forget(isGone);
  }

  #takeLevel(metric: MeasuredMetric, { labels, value }: MeasuredPoint<number>, now: number): boolean {
    this.#level = value;
    this.#shared.addLevel(value);
    if (this.#sum === undefined) return true;
    const id = seriesId({ metric: `${metric.scope}\u0000${metric.name}`, labels });
    return this.#sum.set(id, labelsOfSource(metric, labels), value, now);
  }

  /**
   * Reads the current numbers. If nothing happened in the window, the last known number is used.
   *
   * @param take receives each output that has a number.
   */
  read(span: WindowSpan, time: ReadingTime, take: (state: OutputState) => void): void {
    for (const state of this.states) {
      if (state.output.spec.number === "level" && this.lastHeardAt < time.freshSince) continue;
      const value = this.#valueOf(state, span.coveredSeconds, time) ?? state.value;
      if (!Number.isFinite(value)) continue;
      state.value = value;
      if (state.window === undefined && isWindowed(state.output)) state.window = this.#windowOf(state, span);
      take(state);
    }
  }

  #valueOf(
    state: OutputState,
    coveredSeconds: number,
    { wallNow, freshSince }: ReadingTime,
  ): number | undefined {
    const { spec } = state.output;
    switch (spec.number) {
      case "level":
        return this.#sum === undefined ? this.#level : this.#sum.total(freshSince);
      case "total":
        return state.total;
      case "rate":
        return this.#rateOf(state, coveredSeconds);
      case "ratio":
        return ratioOf(state.counted, this.#shared.count);
      case "quantile":
        return this.#shared.durations?.quantile(quantileOf(spec));
      case "mean":
        return this.#mean();
      case "today":
        return state.today?.totalAt(wallNow);
    }
  }

  #windowOf(state: OutputState, span: WindowSpan): WindowedNumber | undefined {
    const windows = new WindowsOfOutput(state, this.#shared, this.#slices);
    const isRate = state.output.spec.number === "rate";
    return windowOf(state.output, windows, isRate ? new SpanOfCounts(span, this) : span);
  }

  /** For how many seconds of the covered time the counts are known, now or later. */
  countedSeconds(coveredSeconds: number, later = 0): number {
    return this.#counted.seconds(this.lastHeardAt, coveredSeconds, later);
  }

  /** `undefined` until something was counted in a time that is known. */
  #rateOf({ counted }: OutputState, coveredSeconds: number): number | undefined {
    if (!this.#counted.hasBegun) return undefined;
    const seconds = this.countedSeconds(coveredSeconds);
    return seconds > 0 ? totalOf(counted) / seconds : undefined;
  }

  /** A level never counts anything: it has none of its own. */
  #ownCounted(): CountedTime {
    if (this.#counted === NOTHING_COUNTED) this.#counted = new CountedTime();
    return this.#counted;
  }

  #mean(): number | undefined {
    if (this.#level === undefined) return this.#shared.durations?.mean();
    return ratioOf(this.#shared.levels, this.#shared.count);
  }
}

function exemplarIn(value: number | HistogramPoint): Exemplar | undefined {
  return typeof value === "object" && value.kind === "exponential" ? value.exemplar : undefined;
}

/** What was counted, or the sum of what was recorded; 0 if that is no number. */
function sumOf(value: number | HistogramPoint): number {
  const sum = typeof value === "number" ? value : value.sum;
  return Number.isFinite(sum) ? sum : 0;
}

function totalOf(window: SumWindow | undefined): number {
  return window?.total ?? 0;
}

function ratioOf(part: SumWindow | undefined, whole: SumWindow | undefined): number | undefined {
  const total = totalOf(whole);
  return total > 0 ? totalOf(part) / total : undefined;
}
