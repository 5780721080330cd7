import type { Threshold } from "../../core/threshold.ts";
import type { AlertEvidence } from "./alert-state.ts";

/** What must be beyond the threshold: the forecast or the level, the level alone, or both at once. */
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
  /**
   * A limit that is nearly reached. A level beyond this raises an alert on the forecast, unless a
   * trusted forecast excludes that the threshold is passed. Only for levels that do not come back
   * on their own, such as a total of the day.
   */
  readonly nearly?: number | undefined;
  /** The same while there is no forecast at all. */
  readonly nearlyUnknown?: number | undefined;
  /**
   * A limit that is mostly reached. Beyond this level it counts that the predicted value passes the
   * threshold at any time up to the horizon, instead of the bound: little is left to be uncertain
   * about.
   */
  readonly mostly?: number | undefined;
  /** The live error of past forecasts, divided by that of "no change", must be below this. */
  readonly maxErrorRatio: number;
  readonly whenErrorUnknown: UnknownError;
  /**
   * A backtest of a shorter history than this, in seconds, is not enough to trust a forecast: its
   * forecasts were far shorter than the horizon.
   */
  readonly minKnownSeconds: number;
}

/** The part of a forecast that an alert uses. */
export interface AlertForecast {
  readonly lower: number;
  readonly predicted: number;
  readonly upper: number;
  /** How far ahead it looks. */
  readonly secondsAhead: number;
  /**
   * Live error of past forecasts divided by that of "no change"; absent until enough were scored.
   */
  readonly errorRatio?: number | undefined;
  /** Backtested error of the model divided by that of "no change". */
  readonly errorVersusNaive: number;
  /** The length of the history that the model was fitted to. */
  readonly knownSeconds: number;
}

/** The numbers of a series that an alert uses. */
export interface AlertReading {
  readonly current: number;
  /** Whether the level passes the threshold soon if its steady growth continues. */
  readonly isGrowing: boolean;
  /** The usual level of late. */
  readonly usual: number;
  /** Absent while the series is warming up, or if no forecast can be made. */
  readonly forecast?: AlertForecast | undefined;
  /** Seconds until the predicted value passes the threshold; `undefined` if it does not. */
  secondsUntil(threshold: Threshold): number | undefined;
}

/**
 * The evidence of a reading for a condition. A value equal to a limit is not beyond it. O(1).
 *
 * - A level beyond the threshold needs no forecast, except with the basis `both`.
 * - Steady growth needs no forecast either: the level is where it never was, and the forecast may
 *   not have followed yet.
 * - A forecast raises an alert only if it is trusted. It keeps an alert firing also if it is not
 *   trusted: an alert never ends while the predicted value is beyond the limit.
 */
export function evidenceOf(condition: AlertCondition, reading: AlertReading): AlertEvidence {
  const { threshold, recovery, basis } = condition;
  const isPast = isBeyond(condition, reading.current, threshold.value);
  const isLevelUp = isBeyond(condition, reading.current, recovery);
  if (basis === "level") return { signal: isPast ? "level" : isLevelUp ? "hold" : "clear", isPast };

  const isForecastUp =
    !hasStartedAnew(condition, reading) && isForecastBeyond(condition, reading.forecast, recovery);
  if (basis === "both") {
    if (isPast && isForecastPast(condition, reading.forecast)) return { signal: "raise", isPast };
    return { signal: isLevelUp && isForecastUp ? "hold" : "clear", isPast };
  }
  if (isPast || isNearlyPast(condition, reading)) return { signal: "level", isPast };
  if (isHeading(condition, reading)) return { signal: "raise", isPast };
  if (reading.isGrowing) return { signal: "growth", isPast };
  return { signal: isLevelUp || isForecastUp ? "hold" : "clear", isPast };
}

/** The evidence of a series without new values: its last level counts, and what was ahead is not known any more. */
export function standingStill(evidence: AlertEvidence): AlertEvidence {
  const isAhead = evidence.signal === "raise" || evidence.signal === "growth";
  return isAhead ? { ...evidence, signal: "hold" } : evidence;
}

function isBeyond({ threshold }: AlertCondition, value: number, limit: number): boolean {
  return threshold.direction === "above" ? value > limit : value < limit;
}

/** Whether a trusted forecast is beyond the threshold, and the level is on its way there. */
function isHeading(condition: AlertCondition, reading: AlertReading): boolean {
  const { mostly } = condition;
  const isMostly = mostly !== undefined && isBeyond(condition, reading.current, mostly);
  const isPast = isMostly ? isPathPast(condition, reading) : isForecastPast(condition, reading.forecast);
  return isPast && isOnItsWay(condition, reading);
}

/** Whether the predicted value passes the threshold at the horizon or before. */
function isPathPast(condition: AlertCondition, { forecast, secondsUntil }: AlertReading): boolean {
  if (forecast === undefined || !isTrusted(condition, forecast)) return false;
  if (isBeyond(condition, forecast.predicted, condition.threshold.value)) return true;
  const seconds = secondsUntil(condition.threshold);
  return seconds !== undefined && seconds <= forecast.secondsAhead;
}

function isForecastPast(condition: AlertCondition, forecast: AlertForecast | undefined): boolean {
  if (forecast === undefined || !isTrusted(condition, forecast)) return false;
  return isBeyond(condition, forecast[condition.bound], condition.threshold.value);
}

/** Whether nothing of a level that does not come back is used: yesterday's alert ends. */
function hasStartedAnew(condition: AlertCondition, reading: AlertReading): boolean {
  return condition.nearly !== undefined && !isOnItsWay(condition, reading);
}

function isForecastBeyond(
  condition: AlertCondition,
  forecast: AlertForecast | undefined,
  limit: number,
): boolean {
  if (forecast === undefined) return false;
  const { predicted } = forecast;
  return isBeyond(condition, predicted, limit) || isBeyond(condition, forecast[condition.bound], limit);
}

function isNearlyPast(condition: AlertCondition, { current, forecast }: AlertReading): boolean {
  const { nearly, nearlyUnknown, threshold } = condition;
  if (forecast === undefined)
    return nearlyUnknown !== undefined && isBeyond(condition, current, nearlyUnknown);
  if (nearly === undefined || !isBeyond(condition, current, nearly)) return false;
  if (!isTrusted(condition, forecast)) return true;
  const worst = threshold.direction === "above" ? forecast.upper : forecast.lower;
  return isBeyond(condition, worst, threshold.value);
}

function isTrusted(condition: AlertCondition, forecast: AlertForecast): boolean {
  if (forecast.errorRatio !== undefined) return forecast.errorRatio < condition.maxErrorRatio;
  switch (condition.whenErrorUnknown) {
    case "trust":
      return true;
    case "wait":
      return false;
    case "backtest":
      return (
        forecast.errorVersusNaive < condition.maxErrorRatio &&
        forecast.knownSeconds >= condition.minKnownSeconds
      );
  }
}

function isOnItsWay({ threshold, onItsWay }: AlertCondition, { current, usual }: AlertReading): boolean {
  const side = threshold.direction === "above" ? 1 : -1;
  if ("beyond" in onItsWay) return side * (current - onItsWay.beyond) > 0;
  const way = side * (threshold.value - usual);
  return side * (current - usual) >= onItsWay.share * way;
}
