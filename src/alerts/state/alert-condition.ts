import type { Threshold } from "../../core/threshold.ts";
import type { AlertSignal } from "./alert-state.ts";

/** What must be beyond the threshold: the forecast, the current level, or both at once. */
export type AlertBasis = "forecast" | "level" | "both";

/** The number of the forecast that must be beyond the threshold. */
export type AlertBound = "lower" | "predicted" | "upper";

/**
 * A milder condition on the current level, in addition to the forecast. `beyond`: the level is
 * beyond this value. `share`: the level has gone this share of the way from its usual level to the
 * threshold.
 */
export type OnItsWay = { readonly beyond: number } | { readonly share: number };

/**
 * How a forecast is judged while too few forecasts were scored: by the backtest of its model
 * (`backtest`), always good (`trust`), or never good (`wait`).
 */
export type UnknownError = "backtest" | "trust" | "wait";

/** The condition on which an alert begins and ends. Values are in the unit of the metric. */
export interface AlertCondition {
  readonly threshold: Threshold;
  /** A firing alert ends on the safe side of this. It is the threshold, or on its safe side. */
  readonly recovery: number;
  readonly basis: AlertBasis;
  readonly bound: AlertBound;
  readonly onItsWay: OnItsWay;
  /** The live error of past forecasts, divided by that of "no change", must be below this. */
  readonly maxErrorRatio: number;
  readonly whenErrorUnknown: UnknownError;
}

/** The part of a forecast that an alert uses. */
export interface AlertForecast {
  readonly lower: number;
  readonly predicted: number;
  readonly upper: number;
  /** Seconds ahead, if the horizon is midnight. */
  readonly secondsAhead?: number;
  /**
   * Live error of past forecasts divided by that of "no change"; absent until enough were scored.
   */
  readonly errorRatio?: number | undefined;
  /** Backtested error of the model divided by that of "no change". */
  readonly errorVersusNaive: number;
}

/** The numbers of a series that an alert uses. */
export interface AlertReading {
  readonly current: number;
  /** The usual level of late. */
  readonly usual: number;
  /** Absent while the series is warming up, or if no forecast can be made. */
  readonly forecast?: AlertForecast | undefined;
}

/**
 * The signal of a condition for a reading. A forecast that is missing or not good enough has no
 * effect: it neither raises an alert nor keeps one firing. A value equal to the threshold is not
 * beyond it. O(1).
 */
export function signalOf(condition: AlertCondition, reading: AlertReading): AlertSignal {
  const { threshold, recovery, basis, bound } = condition;
  const forecast = isTrusted(condition, reading.forecast) ? reading.forecast : undefined;
  const isBeyond = (value: number, limit: number): boolean =>
    threshold.direction === "above" ? value > limit : value < limit;
  const isLevelPast = isBeyond(reading.current, threshold.value);
  const isLevelUp = isBeyond(reading.current, recovery);
  if (basis === "level") return isLevelPast ? "raise" : isLevelUp ? "hold" : "clear";

  const isForecastPast = forecast !== undefined && isBeyond(forecast[bound], threshold.value);
  const isForecastUp = forecast !== undefined && isBeyond(forecast[bound], recovery);
  if (basis === "both") {
    if (isLevelPast && isForecastPast) return "raise";
    return isLevelUp && isForecastUp ? "hold" : "clear";
  }
  if (isForecastPast && (isLevelPast || isOnItsWay(condition, reading))) return "raise";
  return isForecastUp || isLevelUp ? "hold" : "clear";
}

function isTrusted(condition: AlertCondition, forecast: AlertForecast | undefined): boolean {
  if (forecast === undefined) return false;
  if (forecast.errorRatio !== undefined) return forecast.errorRatio < condition.maxErrorRatio;
  switch (condition.whenErrorUnknown) {
    case "trust":
      return true;
    case "wait":
      return false;
    case "backtest":
      return forecast.errorVersusNaive < condition.maxErrorRatio;
  }
}

function isOnItsWay({ threshold, onItsWay }: AlertCondition, { current, usual }: AlertReading): boolean {
  const side = threshold.direction === "above" ? 1 : -1;
  if ("beyond" in onItsWay) return side * (current - onItsWay.beyond) > 0;
  const way = side * (threshold.value - usual);
  return side * (current - usual) >= onItsWay.share * way;
}
