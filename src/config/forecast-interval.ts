import { type Settings, settings } from "./settings.ts";

/** Models are selected again after this many collections. */
const COLLECTIONS = 30;
/** With a short horizon they are selected earlier, but not before this many collections. */
const MIN_COLLECTIONS = 10;
const MIN_MILLIS = 1000;

/**
 * The forecast interval when none is given: 30 collection intervals, and at most the shortest horizon
 * and 5 minutes. It is at least 10 collection intervals, if these are not longer than 5 minutes.
 */
export function defaultForecastInterval({
  collectionIntervalMillis,
  horizons,
}: Pick<Settings, "collectionIntervalMillis" | "horizons">): number {
  const shortestMillis = Math.min(...horizons.map(({ seconds }) => seconds * 1000));
  const wanted = Math.min(COLLECTIONS * collectionIntervalMillis, shortestMillis);
  const least = Math.max(MIN_MILLIS, MIN_COLLECTIONS * collectionIntervalMillis);
  return Math.round(Math.min(settings.forecastIntervalMillis.fallback, Math.max(least, wanted)));
}
