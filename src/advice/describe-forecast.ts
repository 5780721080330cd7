import type { ForecastSubject, ReadyForecast } from "../core/forecast.ts";
import type { Threshold } from "../core/threshold.ts";
import { recommend } from "./recommendation.ts";
import { trendOf } from "./trend.ts";

/** The numbers of a forecast at one horizon, and what their description needs. */
export interface ForecastNumbers {
  readonly current: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  readonly method: string;
  readonly errorVersusNaive: number;
  /** Unit of the metric; empty when it has none. */
  readonly unit: string;
  readonly threshold: Threshold | undefined;
  readonly timeToThresholdSeconds: number | undefined;
  /** Whether the series is a total of the day, and the day ends before the forecast is due. */
  readonly startsFromZero?: boolean | undefined;
}

/**
 * Turns the numbers of a forecast into a `ReadyForecast`, with its trend and its recommendation.
 */
export function describeForecast(subject: ForecastSubject, numbers: ForecastNumbers): ReadyForecast {
  const { current, predicted, lower, upper, timeToThresholdSeconds } = numbers;
  const { horizonSeconds } = subject;
  const { trend, slopePerSecond } = trendOf({ current, predicted, lower, upper, horizonSeconds });
  return {
    ...subject,
    state: "ready",
    predictedValue: predicted,
    lower,
    upper,
    level: numbers.level,
    trend,
    slopePerSecond,
    method: numbers.method,
    errorVersusNaive: numbers.errorVersusNaive,
    recommendation: recommend({
      metricName: subject.metricName,
      agentName: subject.agentName,
      unit: numbers.unit,
      current,
      predicted,
      lower,
      upper,
      trend,
      horizonSeconds,
      at: subject.at,
      threshold: numbers.threshold,
      timeToThresholdSeconds,
      startsFromZero: numbers.startsFromZero,
      errorVersusNaive: numbers.errorVersusNaive,
    }),
    ...(timeToThresholdSeconds === undefined ? {} : { timeToThresholdSeconds }),
  };
}
