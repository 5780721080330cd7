import type { ForecastSubject, ReadyForecast } from "../core/forecast.ts";
import type { Threshold } from "../core/threshold.ts";
import { recommend } from "./recommendation.ts";
import { trendOf } from "./trend.ts";

/** A forecast at one horizon as numbers, and what is needed to say what they mean. */
export interface ForecastNumbers {
  readonly current: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  readonly method: string;
  readonly errorVersusNaive: number;
  /** Unit of the metric; empty where it has none. */
  readonly unit: string;
  readonly threshold: Threshold | undefined;
  readonly timeToThresholdSeconds: number | undefined;
  /** Whether it is a total of the day, and the day ends before then. */
  readonly beginsAnew?: boolean | undefined;
}

/** Says of a forecast's numbers where they are heading and what to do about it. */
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
      trend,
      horizonSeconds,
      at: subject.at,
      threshold: numbers.threshold,
      timeToThresholdSeconds,
      beginsAnew: numbers.beginsAnew,
      errorVersusNaive: numbers.errorVersusNaive,
    }),
    ...(timeToThresholdSeconds === undefined ? {} : { timeToThresholdSeconds }),
  };
}
