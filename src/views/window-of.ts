import type {
  Counts,
  Like,
  WindowAhead,
  WindowedFraction,
  WindowedNumber,
  WindowedQuantile,
  WindowSpan,
} from "../core/windowed-number.ts";
import { EVER, type HistogramWindow } from "../statistics/histogram-window.ts";
import type { SumWindow } from "../statistics/sliding-window.ts";
import { quantileOf, type ResolvedOutput } from "./resolved-output.ts";

/** The windows that an output of a selection is made of, and their sums since the start. */
export interface OutputWindows {
  readonly slices: number;
  readonly counted: SumWindow | undefined;
  readonly count: SumWindow | undefined;
  readonly levels: SumWindow | undefined;
  readonly durations: HistogramWindow | undefined;
  /** The points that match the output's `of`, since the start. */
  countedEver(): number;
  /** All points since the start. */
  countEver(): number;
  /** The sum of all values since the start. */
  sumEver(): number;
}

/** What the forecast of an output knows of its window; `undefined` if it has none. */
export function windowOf(
  { spec }: ResolvedOutput,
  windows: OutputWindows,
  span: WindowSpan,
): WindowedNumber | undefined {
  switch (spec.number) {
    case "rate":
    case "ratio":
    case "mean":
      return new FractionWindow(spec.number, windows, span);
    case "quantile":
      if (windows.durations === undefined) return undefined;
      return new QuantileWindow(quantileOf(spec), windows.slices, windows.durations, span);
    default:
      return undefined;
  }
}

/** The window of a rate, a ratio or a mean. */
class FractionWindow implements WindowedFraction {
  readonly span: WindowSpan;
  readonly #number: "rate" | "ratio" | "mean";
  readonly #windows: OutputWindows;

  constructor(number: "rate" | "ratio" | "mean", windows: OutputWindows, span: WindowSpan) {
    this.span = span;
    this.#number = number;
    this.#windows = windows;
  }

  get kind(): "rate" | "ratio" {
    return this.#number === "rate" ? "rate" : "ratio";
  }

  counted(): Counts {
    const part = this.#number === "mean" ? this.#windows.sumEver() : this.#windows.countedEver();
    return { part, whole: this.#number === "rate" ? 0 : this.#windows.countEver() };
  }

  knownAfter(begunSlices: number): Counts {
    const { slices, counted, count, levels, durations } = this.#windows;
    const left = slices - begunSlices;
    const whole = this.#number === "rate" ? 0 : newest(count, left);
    if (this.#number !== "mean") return { part: newest(counted, left), whole };
    return { part: (durations?.sumOfNewest(left) ?? 0) + newest(levels, left), whole };
  }
}

function newest(window: SumWindow | undefined, slices: number): number {
  return window?.totalOfNewest(slices) ?? 0;
}

/** The window of a percentile. */
class QuantileWindow implements WindowedQuantile {
  readonly kind = "quantile";
  readonly span: WindowSpan;
  readonly share: number;
  readonly #slices: number;
  readonly #durations: HistogramWindow;

  constructor(share: number, slices: number, durations: HistogramWindow, span: WindowSpan) {
    this.span = span;
    this.share = share;
    this.#slices = slices;
    this.#durations = durations;
  }

  count(): number {
    return this.#durations.count;
  }

  quantileAfter(share: number, begunSlices: number, coming: number, like: Like): number | undefined {
    return this.#durations.quantileAfter(share, {
      known: Math.max(0, this.#slices - begunSlices),
      coming,
      like: like === "ever" ? EVER : Math.max(1, Math.round(like * this.#slices)),
    });
  }
}

/** Knows for how long counts are known. */
export interface CountedFor {
  /** Of the covered time, now or later. */
  countedSeconds(coveredSeconds: number, later: number): number;
}

/** The window of counts that are known for a shorter time than it covers. */
export class SpanOfCounts implements WindowSpan {
  readonly #span: WindowSpan;
  readonly #counts: CountedFor;

  constructor(span: WindowSpan, counts: CountedFor) {
    this.#span = span;
    this.#counts = counts;
  }

  get fullSeconds(): number {
    return this.#span.fullSeconds;
  }

  get coveredSeconds(): number {
    return this.#counts.countedSeconds(this.#span.coveredSeconds, 0);
  }

  ahead(seconds: number): WindowAhead {
    const ahead = this.#span.ahead(seconds);
    return { ...ahead, coveredSeconds: this.#counts.countedSeconds(ahead.coveredSeconds, seconds) };
  }
}
