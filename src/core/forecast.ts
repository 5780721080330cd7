/** The direction of a series. `stable`: assuming a trend was not better than assuming none. */
export type Trend = "increasing" | "decreasing" | "stable";

/** The series and the horizon of a forecast, and when it was made. */
export interface ForecastSubject {
  /** The Prometheus name of the metric. */
  readonly metricName: string;
  /** The agent of the series. Absent for series of the system. */
  readonly agentName?: string;
  /** The labels of the series, including that of the agent. */
  readonly labels: Readonly<Record<string, string>>;
  /** How far ahead the forecast looks, in seconds. */
  readonly horizonSeconds: number;
  /** When the forecast was made, in epoch milliseconds. It is for `horizonSeconds` later. */
  readonly at: number;
}

/** The series has too few points for a forecast. */
export interface WarmingUpForecast extends ForecastSubject {
  readonly state: "warming-up";
  /** How many more points are needed. */
  readonly missingPoints: number;
}

/** A forecast with its interval. Values have the unit of the metric. */
export interface ReadyForecast extends ForecastSubject {
  readonly state: "ready";
  readonly predictedValue: number;
  /** The lower bound of the interval. */
  readonly lower: number;
  /** The upper bound of the interval. */
  readonly upper: number;
  /** The share of outcomes that the interval is meant to hold. By default 0.8. */
  readonly level: number;
  readonly trend: Trend;
  /** The slope of the trend, in the unit of the metric per second. */
  readonly slopePerSecond: number;
  /** The name of the forecasting method. */
  readonly method: string;
  /**
   * The error (MASE) in a backtest, relative to assuming no change. Below 1 is better than that.
   */
  readonly errorVersusNaive: number;
  /** One sentence for people: what the metric does, and what to do about it. */
  readonly recommendation: string;
  /** Seconds until the threshold of the metric is crossed. Absent if no crossing is forecast. */
  readonly timeToThresholdSeconds?: number;
}

/** The forecast failed for a reason. */
export interface FailedForecast extends ForecastSubject {
  readonly state: "failed";
  readonly reason: string;
}

/** The forecast of one series at one horizon: plain data, with `state` as the discriminant. */
export type Forecast = WarmingUpForecast | ReadyForecast | FailedForecast;
