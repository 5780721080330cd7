import type { ForecastView } from "../views/forecast-view.ts";
import { isOfToday } from "../views/totals-of-today.ts";
import type { Finding } from "./alerting/findings.ts";

/** Views, and the zone in which a day begins; `undefined`: UTC. */
interface InTimeZone {
  readonly views: ForecastView[];
  readonly timeZone: string | undefined;
}

/**
 * The zone in which a day begins. A given zone applies to all views without a zone of their own.
 * Otherwise it is the zone of the first view of what was used today, and applies to such views.
 */
export function inTimeZone(
  views: readonly ForecastView[],
  namespace: string,
  given: string | undefined,
): InTimeZone {
  const isConcerned = (view: ForecastView): boolean => given !== undefined || isOfToday(view, namespace);
  const timeZone = given ?? views.filter(isConcerned).find((view) => view.timeZone !== undefined)?.timeZone;
  if (timeZone === undefined) return { views: [...views], timeZone };
  return { views: views.map((view) => (isConcerned(view) ? { timeZone, ...view } : view)), timeZone };
}

/** Finds views of what was used today whose day begins at another time than the measured day. */
export function checkTimeZones(
  views: readonly ForecastView[],
  namespace: string,
  timeZone: string | undefined,
): Finding[] {
  return views.flatMap((view, index) => {
    if (view.timeZone === undefined || view.timeZone === timeZone || !isOfToday(view, namespace)) return [];
    const message =
      `must be ${timeZone ?? "UTC"}, the zone in which the day of all these totals begins; ` +
      "the key timeZone of the file sets it";
    return [{ path: ["views", index, "timeZone"], message }];
  });
}
