import type { Labels } from "../../core/series-key.ts";

/** A partition of a topic that points come from. */
export interface IntakePartition {
  readonly number: number;
  /** Since when everything that was sent to it is known, in epoch milliseconds. */
  readonly startedAt: number;
  /** Tells of a stream that is new in it, by its labels. */
  found(labels: Labels): void;
}
