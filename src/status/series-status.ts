import type { Horizon } from "../core/horizon.ts";
import type { Labels, SeriesKey } from "../core/series-key.ts";
import { seriesId } from "../core/series-key.ts";
import { fingerprint } from "../core/short-name.ts";
import type { Threshold } from "../core/threshold.ts";
import type { SeriesForecaster } from "../engine/series-forecaster.ts";

/** The forecast of a series at one horizon. Times are epoch milliseconds. */
export interface HorizonStatus {
  /** As it was set, such as `5m`; `midnight` for a total of the day. */
  readonly horizon: string;
  /** The time that the forecast is for. */
  readonly at: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
}

/** A series with its forecasts, as plain data. Values are in the unit of the metric. */
export interface SeriesStatus {
  /** Identifies the series in paths of the API. */
  readonly id: string;
  readonly metric: string;
  readonly labels: Labels;
  /** In UCUM notation; empty for none. */
  readonly unit: string;
  /**
   * `warming-up`: there are too few points. `silent`: it has forecasts, and had no value in the last
   * collection. `failed`: no model could be fitted.
   */
  readonly state: "ready" | "warming-up" | "silent" | "failed";
  /** How many points are missing; only while it warms up. */
  readonly missingPoints?: number;
  /** The time and the value of the newest sample; absent before the first. */
  readonly at?: number;
  readonly value?: number;
  /** The shortest horizon first. */
  readonly horizons: readonly HorizonStatus[];
  readonly trend?: "increasing" | "decreasing" | "stable";
  readonly slopePerHour?: number;
  readonly threshold?: Threshold;
  /** Until the threshold is passed; 0: it is passed. Absent: that is not forecast. */
  readonly secondsToThreshold?: number;
  /** One sentence for people. */
  readonly recommendation?: string;
  /** The newest values; only where they are asked for. */
  readonly recent?: PastStatus;
}

/** Values of a series at equal distances, the newest last; `null` for a gap. */
export interface PastStatus {
  readonly stepSeconds: number;
  /** The time of the last value. */
  readonly endsAt: number;
  readonly values: readonly (number | null)[];
}

/** Forecasts at one horizon whose time has come, oldest first: how right were they? */
export interface BeforeStatus {
  readonly horizon: string;
  readonly forecasts: readonly { readonly at: number; readonly predicted: number }[];
}

/** A short id of a series: equal keys have the same one. */
export function statusId(key: SeriesKey): string {
  return fingerprint(seriesId(key)).toString(36);
}

/**
 * A series as plain data.
 *
 * @param isCurrent whether it had a value in the last collection.
 */
export function statusOf(forecaster: SeriesForecaster, isCurrent: boolean): SeriesStatus {
  const { plan, outlook } = forecaster;
  const { key, unit, threshold } = plan;
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
export function beforeOf(forecaster: SeriesForecaster): BeforeStatus[] {
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

/** How good the forecasts of a series at one horizon were, and which model makes them. */
export interface QualityStatus {
  readonly horizon: string;
  /** The method, with its members and seasons. */
  readonly method: string;
  /** In a backtest, relative to assuming no change: below 1 is better. */
  readonly errorVersusNaive: number;
  /** The same of live forecasts; absent until enough were scored. */
  readonly errorRatio?: number;
  /** The share of values that fell inside the interval; absent until enough were scored. */
  readonly coverage?: number;
}

/** How good the forecasts of a series are, for each horizon that has one. */
export function qualityOf(forecaster: SeriesForecaster): QualityStatus[] {
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
