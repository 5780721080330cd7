import type { Sample } from "../../../core/sample.ts";

/** A series as it was read: samples in the order of the input; a value of `NaN` is a gap. */
export interface SampledSeries {
  readonly id: string;
  readonly samples: readonly Sample[];
}
