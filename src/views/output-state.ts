import type { Exemplar } from "../core/exemplar.ts";
import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import type { WindowedNumber } from "../core/windowed-number.ts";
import type { PublishedSeries } from "../otel/forecast-producer.ts";
import { type LocalClock, localClock } from "../series/local-clock.ts";
import { SumWindow } from "../statistics/sliding-window.ts";
import { DayCount } from "./day-count.ts";
import type { ResolvedOutput } from "./resolved-output.ts";
import type { SavedSelection } from "./saved-selection.ts";
import type { ViewValue } from "./view-value.ts";

type SavedOutput = SavedSelection["outputs"][number];

/**
 * One output of a selection: a series with its windowed counts. It is also the value that the views
 * give at each collection: nothing is made anew.
 */
export class OutputState implements ViewValue {
  readonly output: ResolvedOutput;
  readonly key: SeriesKey;
  readonly id: string;
  #isContested = false;
  published: PublishedSeries | undefined;
  /** The last number that is known; `NaN` before the first one. */
  value = Number.NaN;
  window: WindowedNumber | undefined;
  /** Counts of the points that match the output's `of`. Only rates and ratios need them. */
  readonly counted: SumWindow | undefined;
  /** What was counted since midnight; only of `today`. */
  readonly today: DayCount | undefined;
  /** The counts of this process. A total also has those from before. */
  countedEver = 0;
  total = 0;
  /** The newest of what was counted that is in a sampled trace; only of a counter. */
  exemplar: Exemplar | undefined;

  constructor(output: ResolvedOutput, labels: Labels, slices: number) {
    this.output = output;
    this.key = { metric: output.metric, labels };
    this.id = seriesId(this.key);
    this.today = output.spec.number === "today" ? new DayCount(clockOf(output)) : undefined;
    this.counted = ["rate", "ratio"].includes(output.spec.number) ? new SumWindow({ slices }) : undefined;
  }

  /** Counts the values of a point. `before`: what its source had counted before it was known. */
  count(count: number, before: number, exemplar: Exemplar | undefined): void {
    this.counted?.add(count);
    this.countedEver += count;
    this.total += count + before;
    if (exemplar === undefined || this.output.spec.isCounter !== true) return;
    if (exemplar.at >= (this.exemplar?.at ?? Number.NEGATIVE_INFINITY))
      this.exemplar = { ...exemplar, value: 1 };
  }

  /** Whether other selections give the same series. */
  get isContested(): boolean {
    return this.#isContested;
  }

  set isContested(isContested: boolean) {
    this.#isContested = isContested;
    this.published = undefined;
  }

  /** What is published for a contested series may be put and removed by other outputs too. */
  keep(published: PublishedSeries): void {
    if (!this.#isContested) this.published = published;
  }
}

function clockOf({ view: { timeZone } }: ResolvedOutput): LocalClock | undefined {
  return timeZone === undefined ? undefined : localClock(timeZone);
}

/** Whether a number is made of a window. */
export function isWindowed({ spec }: ResolvedOutput): boolean {
  return !["level", "total", "today"].includes(spec.number);
}

/** The state of an output, as plain data. */
export function savedOutput({ id, counted, today, countedEver, value }: OutputState): SavedOutput {
  return {
    id,
    ...(counted === undefined ? {} : { counted: counted.saved() }),
    ...(today === undefined ? {} : { today: today.saved() }),
    countedEver,
    ...(Number.isNaN(value) ? {} : { last: value }),
  };
}

/** Takes over the state of an output, if it was saved. */
export function restoreOutput(state: OutputState, saved: readonly SavedOutput[]): void {
  const own = saved.find(({ id }) => id === state.id);
  if (own === undefined) return;
  if (own.counted !== undefined) state.counted?.restore(own.counted);
  if (own.today !== undefined) state.today?.restore(own.today);
  state.countedEver = own.countedEver;
  state.value = own.last ?? Number.NaN;
}
