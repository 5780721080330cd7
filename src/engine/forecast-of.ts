import { describeForecast } from "../advice/describe-forecast.ts";
import type { Forecast, ForecastSubject } from "../core/forecast.ts";
import type { Horizon } from "../core/horizon.ts";
import { MIN_KNOWN_POINTS } from "./clocked-model.ts";
import type { SeriesOutlook } from "./series-outlook.ts";
import type { SeriesPlan } from "./series-plan.ts";

/** What a forecast at one horizon is made from. */
export interface ForecastState {
  /** Absent before the first value. */
  readonly outlook: SeriesOutlook | undefined;
  /** Level of the interval, 0..1. */
  readonly level: number;
  /** Known points of the resolution that the horizon is forecast from. */
  readonly knownPoints: number;
  /** Why the last fit failed; `undefined` when it did not. */
  readonly failure: string | undefined;
}

/** A forecast at one horizon as plain data, or the reason why there is none. */
export function forecastOf(plan: SeriesPlan, horizon: Horizon, state: ForecastState): Forecast {
  const { key, unit, threshold } = plan;
  const { outlook, level, knownPoints, failure } = state;
  const { agent } = key.labels;
  const subject: ForecastSubject = {
    metricName: key.metric,
    ...(agent === undefined ? {} : { agentName: agent }),
    labels: key.labels,
    horizonSeconds: horizon.seconds,
    at: outlook?.latest.at ?? 0,
  };
  const found = outlook?.at(horizon);
  if (outlook !== undefined && found !== undefined) {
    const { predicted, lower, upper, model } = found;
    return describeForecast(subject, {
      current: outlook.latest.value,
      predicted,
      lower,
      upper,
      level,
      method: model.method,
      errorVersusNaive: model.errorVersusNaive,
      unit,
      threshold,
      timeToThresholdSeconds: threshold && outlook.secondsUntil(threshold),
      startsFromZero: outlook.startsFromZero(found),
    });
  }
  const missingPoints = MIN_KNOWN_POINTS - knownPoints;
  if (missingPoints > 0 || failure === undefined)
    return { ...subject, state: "warming-up", missingPoints: Math.max(1, missingPoints) };
  return { ...subject, state: "failed", reason: failure };
}
