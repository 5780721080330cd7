import type { ResolvedOptions } from "../../config/options.ts";
import type { Horizon } from "../../core/horizon.ts";
import { promDuration } from "../promql.ts";

const MAX_FOR_MILLIS = 900_000;

/**
 * How long a condition must hold before an alert fires, and how long the alert keeps firing
 * afterwards.
 */
export interface RuleTiming {
  readonly for: string;
  readonly keep_firing_for: string;
}

/**
 * An alert waits for a tenth of its horizon, so that nine tenths remain to act. It waits for at
 * least two collections, so that one outlier does not fire it, and for at most 15 minutes. It keeps
 * firing for at least one model selection, because the next model may differ for a moment.
 */
export function ruleTimingFor(
  horizon: Pick<Horizon, "seconds">,
  { collectionIntervalMillis, forecastIntervalMillis }: ResolvedOptions,
): RuleTiming {
  const tenth = Math.min(MAX_FOR_MILLIS, horizon.seconds * 100);
  const waits = Math.max(2 * collectionIntervalMillis, tenth);
  return { for: promDuration(waits), keep_firing_for: promDuration(Math.max(forecastIntervalMillis, waits)) };
}
