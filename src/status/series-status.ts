import type { Horizon } from "../core/horizon.ts";
import type { SeriesKey } from "../core/series-key.ts";
import { seriesId } from "../core/series-key.ts";
import { fingerprint } from "../core/short-name.ts";
import type { SeriesForecaster } from "../engine/series-forecaster.ts";
import type {
  BeforeStatus,
  HorizonStatus,
  PastStatus,
  QualityStatus,
  SeriesDetail,
  SeriesStatus,
} from "./answers.ts";
import type { Found } from "./found-series.ts";

/** A short id of a series: equal keys have the same one. */
export function statusId(key: SeriesKey): string {
  return fingerprint(seriesId(key)).toString(36);
}

/** A series as plain data. */
export function statusOf({ forecaster, key, isCurrent }: Found): SeriesStatus {
  const { plan, outlook } = forecaster;
  const { unit, threshold } = plan;
  const longest = forecaster.forecasts().at(-1);
  const seconds = threshold === undefined ? undefined : outlook?.secondsUntil(threshold);
  const horizons = horizonsOf(forecaster);
  const isReady = horizons.length > 0;
  return {
    id: statusId(key),
    metric: key.metric,
    labels: { ...key.labels },
    unit,
    state: isReady ? (isCurrent ? "ready" : "silent") : longest?.state === "failed" ? "failed" : "warming-up",
    ...(longest?.state === "warming-up" && !isReady ? { missingPoints: longest.missingPoints } : {}),
    ...(outlook === undefined ? {} : { at: outlook.latest.at, value: outlook.latest.value }),
    horizons,
    ...(longest?.state === "ready"
      ? {
          trend: longest.trend,
          slopePerHour: longest.slopePerSecond * 3600,
          recommendation: longest.recommendation,
        }
      : {}),
    ...(threshold === undefined ? {} : { threshold: { ...threshold } }),
    ...(seconds === undefined ? {} : { secondsToThreshold: seconds }),
  };
}

/**
 * The past of a series.
 *
 * @param count the most values, of the newest; default all.
 */
export function pastOf(forecaster: SeriesForecaster, count = Number.POSITIVE_INFINITY): PastStatus {
  const { values, stepSeconds, lastAt = 0 } = forecaster.past();
  const newest = values.slice(Math.max(0, values.length - count));
  return {
    stepSeconds,
    endsAt: lastAt,
    values: Array.from(newest, (value: number) => (Number.isNaN(value) ? null : value)),
  };
}

/** The forecasts of a series whose time has come, for each horizon that has some. */
function beforeOf(forecaster: SeriesForecaster): BeforeStatus[] {
  return forecaster.plan.horizons.flatMap((horizon) => {
    const forecasts = forecaster
      .pastForecasts(horizon)
      .map(({ dueAt, predicted }) => ({ at: dueAt, predicted }));
    return forecasts.length === 0 ? [] : [{ horizon: horizon.label, forecasts }];
  });
}

function horizonsOf({ outlook }: SeriesForecaster): HorizonStatus[] {
  if (outlook === undefined) return [];
  const { dayEnd } = outlook;
  const all = dayEnd === undefined ? outlook.horizons : [...outlook.horizons, dayEnd];
  return all.map(({ horizon, dueAt, predicted, lower, upper }) => ({
    horizon: horizon.label,
    at: dueAt,
    predicted,
    lower,
    upper,
  }));
}

/** How good the forecasts of a series are, for each horizon that has one. */
function qualityOf(forecaster: SeriesForecaster): QualityStatus[] {
  return (forecaster.outlook?.horizons ?? []).map(({ horizon, model }) => ({
    horizon: horizon.label,
    method: model.method,
    errorVersusNaive: model.errorVersusNaive,
    ...accuracyOf(forecaster, horizon),
  }));
}

function accuracyOf(
  forecaster: SeriesForecaster,
  horizon: Horizon,
): Pick<QualityStatus, "errorRatio" | "coverage"> {
  const { errorRatio, coverage } = forecaster.accuracyAt(horizon);
  return {
    ...(errorRatio === undefined ? {} : { errorRatio }),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

/** A series with its past, the path of its forecast, and how good its forecasts were. */
export function detailOf(found: Found): SeriesDetail {
  const { forecaster } = found;
  return {
    ...statusOf(found),
    past: pastOf(forecaster),
    path: Array.from(forecaster.outlook?.path() ?? [], ({ at, predicted, lower, upper }) => ({
      at,
      predicted,
      lower,
      upper,
    })),
    quality: qualityOf(forecaster),
    before: beforeOf(forecaster),
  };
}
