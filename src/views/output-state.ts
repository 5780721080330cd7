import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import type { WindowedNumber } from "../core/windowed-number.ts";
import { SumWindow } from "../statistics/sliding-window.ts";
import type { ResolvedOutput } from "./resolved-output.ts";
import type { SavedSelection } from "./saved-selection.ts";

type SavedOutput = SavedSelection["outputs"][number];

/** One output of a selection: a series with its windowed counts. */
export interface OutputState {
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

export function newOutputState(output: ResolvedOutput, labels: Labels, slices: number): OutputState {
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
}

/** The state of an output, as plain data. */
export function savedOutput({ id, counted, countedEver, last }: OutputState): SavedOutput {
  return {
    id,
    ...(counted === undefined ? {} : { counted: counted.saved() }),
    countedEver,
    ...(last === undefined ? {} : { last }),
  };
}

/** Takes over the state of an output, if it was saved. */
export function restoreOutput(state: OutputState, saved: readonly SavedOutput[]): void {
  const own = saved.find(({ id }) => id === state.id);
  if (own === undefined) return;
  if (own.counted !== undefined) state.counted?.restore(own.counted);
  state.countedEver = own.countedEver;
  state.last = own.last;
}
