import { trendOf } from "../../advice/trend.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { Threshold } from "../../core/threshold.ts";
import { INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import type { SeriesOutlook } from "../series-outlook.ts";
import type { Accuracy, SeriesPublication } from "./series-publication.ts";

/** What is published beside the outlook of a series. */
export interface PublishedBeside {
  /** The threshold of the series, if it has one. */
  readonly threshold: Threshold | undefined;
  /** Whether the series has no new value: then its forecasts are not those of the present. */
  readonly isStandingStill: boolean;
  accuracyAt(horizon: Horizon): Accuracy;
}

/** Publishes the outlook of a series, and removes what it does not have any more. */
export function publishOutlook(
  publication: SeriesPublication,
  outlook: SeriesOutlook,
  { threshold, isStandingStill, accuracyAt }: PublishedBeside,
): void {
  const { horizons, dayEnd } = outlook;
  publication.keepOnly(horizons);
  if (dayEnd === undefined) publication.withdrawDayEnd();
  else publication.dayEnd(dayEnd, INTERVAL_LEVEL_LABEL);
  for (const found of horizons) {
    publication.forecast(found.horizon, found, INTERVAL_LEVEL_LABEL);
    publication.accuracy(found.horizon, accuracyAt(found.horizon), found.model, INTERVAL_LEVEL_LABEL);
  }
  const longest = horizons.at(-1);
  publication.ready(longest !== undefined && !isStandingStill);
  if (longest === undefined) {
    publication.withdrawTrend();
    return;
  }
  const { predicted, lower, upper, secondsAhead: horizonSeconds } = longest;
  const { value: current } = outlook.latest;
  const { slopePerSecond } = trendOf({ current, predicted, lower, upper, horizonSeconds });
  publication.slope(slopePerSecond);
  publication.timeToThreshold(threshold, threshold && outlook.secondsUntil(threshold));
}
