import type { ResolvedOptions } from "../../config/options.ts";
import type { Horizon } from "../../core/horizon.ts";
import { promDuration } from "../promql.ts";

const LONGEST_FOR_MILLIS = 900_000;

/** How long a condition has to hold before an alert fires, and how long it goes on firing without it. */
export interface Patience {
  readonly for: string;
  readonly keep_firing_for: string;
}

/**
 * A tenth of the time that is left, so that nine tenths remain to act in: at least two collections, so that one odd
 * sample is not enough, and a quarter of an hour at most. Once it fires, it goes on for at least one model selection:
 * the next model may see things otherwise for a moment.
 */
export function patienceFor(
  horizon: Horizon,
  { collectionIntervalMillis, forecastIntervalMillis }: ResolvedOptions,
): Patience {
  const tenth = Math.min(LONGEST_FOR_MILLIS, horizon.seconds * 100);
  const waits = Math.max(2 * collectionIntervalMillis, tenth);
  return { for: promDuration(waits), keep_firing_for: promDuration(Math.max(forecastIntervalMillis, waits)) };
}
