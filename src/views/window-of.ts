import type { WindowedNumber, WindowSpan } from "../core/windowed-number.ts";
import { EVER, type HistogramWindow } from "../statistics/histogram-window.ts";
import type { SumWindow } from "../statistics/sliding-window.ts";
import type { ResolvedOutput } from "./resolved-output.ts";

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
  const { slices, counted, count, levels, durations } = windows;
  const newest = (window: SumWindow | undefined, begun: number): number =>
    window?.totalOfNewest(slices - begun) ?? 0;
  switch (spec.number) {
    case "rate":
      return {
        kind: "rate",
        span,
        counted: () => ({ part: windows.countedEver(), whole: 0 }),
        knownAfter: (begun) => ({ part: newest(counted, begun), whole: 0 }),
      };
    case "ratio":
      return {
        kind: "ratio",
        span,
        counted: () => ({ part: windows.countedEver(), whole: windows.countEver() }),
        knownAfter: (begun) => ({ part: newest(counted, begun), whole: newest(count, begun) }),
      };
    case "mean":
      return {
        kind: "ratio",
        span,
        counted: () => ({ part: windows.sumEver(), whole: windows.countEver() }),
        knownAfter: (begun) => {
          const whole = newest(count, begun);
          const part = durations?.sumOfNewest(slices - begun) ?? 0;
          return { part: part + newest(levels, begun), whole };
        },
      };
    case "quantile":
      return durations && quantileOf(spec.quantile ?? 0.5, slices, durations, span);
    default:
      return undefined;
  }
}

function quantileOf(
  share: number,
  slices: number,
  durations: HistogramWindow,
  span: WindowSpan,
): WindowedNumber {
  return {
    kind: "quantile",
    span,
    share,
    count: () => durations.count,
    quantileAfter: (q, begunSlices, coming, like) =>
      durations.quantileAfter(q, {
        known: Math.max(0, slices - begunSlices),
        coming,
        like: like === "ever" ? EVER : Math.max(1, Math.round(like * slices)),
      }),
  };
}

/** The window of counts that are known for a shorter time than it covers. */
export function spanOfCounts(
  span: WindowSpan,
  countedSeconds: (coveredSeconds: number, later: number) => number,
): WindowSpan {
  return {
    fullSeconds: span.fullSeconds,
    get coveredSeconds() {
      return countedSeconds(span.coveredSeconds, 0);
    },
    ahead: (seconds) => {
      const ahead = span.ahead(seconds);
      return { ...ahead, coveredSeconds: countedSeconds(ahead.coveredSeconds, seconds) };
    },
  };
}
