import type { SeriesForecaster } from "../engine/series-forecaster.ts";

/** A series, and the number of collections of the forecaster that has it. */
export interface Found {
  readonly forecaster: SeriesForecaster;
  readonly turn: number;
}

/** How soon a series is in trouble. */
interface Urgent extends Found {
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

/** The most urgent first, then by name. */
export function byUrgency(one: Urgent, other: Urgent): number {
  if (one.urgency !== other.urgency) return one.urgency < other.urgency ? -1 : 1;
  const [left, right] = [one.forecaster.plan.key.metric, other.forecaster.plan.key.metric];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Whether the name or a label of a series contains a text, in any case. */
export function searching(search: string): (key: SeriesForecaster["plan"]["key"]) => boolean {
  const wanted = search.toLowerCase();
  return ({ metric, labels }) =>
    metric.toLowerCase().includes(wanted) ||
    Object.values(labels).some((value) => value.toLowerCase().includes(wanted));
}
