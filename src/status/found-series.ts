import type { SeriesKey } from "../core/series-key.ts";
import type { SeriesForecaster } from "../engine/series-forecaster.ts";
import type { SeriesStatus } from "./answers.ts";

/** A series of this process. */
export interface Found {
  readonly forecaster: SeriesForecaster;
  /** What it is shown by. */
  readonly key: SeriesKey;
  /** Whether it had a value in the last collection. */
  readonly isCurrent: boolean;
}

/** How soon a series is in trouble. */
interface Urgent {
  readonly metric: string;
  readonly urgency: number;
}

/**
 * Until a series passes its threshold, in seconds. Series that will not pass it come after those that
 * will, and series without a threshold last.
 */
export function urgencyOf({ plan: { threshold }, outlook }: SeriesForecaster): number {
  if (threshold === undefined) return Number.POSITIVE_INFINITY;
  return outlook?.secondsUntil(threshold) ?? Number.MAX_VALUE;
}

/** The same of a series of another process. */
export function rankOf({ threshold, secondsToThreshold }: SeriesStatus): number {
  if (threshold === undefined) return Number.POSITIVE_INFINITY;
  return secondsToThreshold ?? Number.MAX_VALUE;
}

/** The most urgent first, then by name. */
export function byUrgency(one: Urgent, other: Urgent): number {
  if (one.urgency !== other.urgency) return one.urgency < other.urgency ? -1 : 1;
  if (one.metric === other.metric) return 0;
  return one.metric < other.metric ? -1 : 1;
}

/** Whether the name or a label of a series contains a text, in any case. */
export function searching(search: string): (key: SeriesKey) => boolean {
  const wanted = search.toLowerCase();
  return ({ metric, labels }) =>
    metric.toLowerCase().includes(wanted) ||
    Object.values(labels).some((value) => value.toLowerCase().includes(wanted));
}
