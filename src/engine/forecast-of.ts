import { describeForecast } from "../advice/describe-forecast.ts";
import type { Forecast, ForecastSubject } from "../core/forecast.ts";
import type { Horizon } from "../core/horizon.ts";
import { midnightAfter } from "../series/daily-total.ts";
import type { Outlook } from "./outlook.ts";
import type { SeriesPlan } from "./series-plan.ts";
import { FEWEST_POINTS } from "./tier-model.ts";

/** What is known of the future of a series at one horizon. */
export interface ForecastState {
  readonly at: number;
  /** Absent while nothing can be said. */
  readonly outlook: Outlook | undefined;
  readonly level: number;
  /** Points that are known at the resolution that the horizon is forecast from. */
  readonly knownPoints: number;
  /** Why no model could be chosen the last time. */
  readonly failure: string | undefined;
}

/** A forecast as plain data, or why there is none. */
export function forecastOf(plan: SeriesPlan, horizon: Horizon, state: ForecastState): Forecast {
  const { key, unit, threshold, isDailyTotal, clock } = plan;
  const { at, outlook, level, knownPoints, failure } = state;
  const { agent } = key.labels;
  const subject: ForecastSubject = {
    metricName: key.metric,
    ...(agent === undefined ? {} : { agentName: agent }),
    labels: key.labels,
    horizonSeconds: horizon.seconds,
    at,
  };
  if (outlook !== undefined) {
    const { method, errorVersusNaive } = outlook.model.model;
    const beginsAnew = isDailyTotal && midnightAfter(clock, at) <= at + horizon.seconds * 1000;
    const about = { level, method, errorVersusNaive, unit, threshold, beginsAnew };
    return describeForecast(subject, { ...outlook, ...about });
  }
  const missingPoints = FEWEST_POINTS - knownPoints;
  if (missingPoints > 0 || failure === undefined)
    return { ...subject, state: "warming-up", missingPoints: Math.max(1, missingPoints) };
  return { ...subject, state: "failed", reason: failure };
}
