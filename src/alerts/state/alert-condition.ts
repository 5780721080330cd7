import type { Threshold } from "../../core/threshold.ts";
import type { AlertSignal } from "./alert-state.ts";

/** What an alert looks at: where the series is heading, where it is, or both at once. */
export type AlertBasis = "forecast" | "level" | "both";

/** Which number of the forecast has to be beyond the threshold. */
export type AlertBound = "lower" | "predicted" | "upper";

/**
 * The milder condition on the current level that goes with a forecast: it is beyond `beyond`, or it has gone this share
 * of the way from its usual level to the threshold.
 */
export type OnItsWay = { readonly beyond: number } | { readonly share: number };

/** What is made of a forecast of which too few have been scored yet: ask the backtest of its model, act, or wait. */
export type UnknownError = "backtest" | "trust" | "wait";

/** When an alert begins and ends. Values are in the unit of the metric. */
export interface AlertCondition {
  readonly threshold: Threshold;
  /** A firing alert ends on this side of it; on the safe side of the threshold, or equal to it. */
  readonly recovery: number;
  readonly basis: AlertBasis;
  readonly bound: AlertBound;
  readonly onItsWay: OnItsWay;
  /** The live error of past forecasts over that of naive must be below this. */
  readonly maxErrorRatio: number;
  readonly whenErrorUnknown: UnknownError;
}

/** A forecast as an alert reads it. */
export interface AlertForecast {
  readonly lower: number;
  readonly predicted: number;
  readonly upper: number;
  /** How far ahead it looks, where its horizon is midnight. */
  readonly secondsAhead?: number;
  /** Live error of past forecasts over that of naive; absent until enough were scored. */
  readonly errorRatio?: number | undefined;
  /** Backtested error of the model over that of naive. */
  readonly errorVersusNaive: number;
}

/** A series as an alert reads it. */
export interface AlertReading {
  readonly current: number;
  /** The level that it has been at lately. */
  readonly usual: number;
  /** Absent while the series is warming up, and where no forecast can be made. */
  readonly forecast?: AlertForecast | undefined;
}

/**
 * What a condition says of a reading. A forecast that is not ready, or that has been worse than it may be, says nothing:
 * it raises no alert and keeps none up. To lie exactly on a threshold is not beyond it. O(1).
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
