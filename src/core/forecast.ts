/** Where a series is heading. `stable` means that no trend beat the assumption of none. */
export type Trend = "increasing" | "decreasing" | "stable";

/** What a forecast is of, and when. */
export interface ForecastSubject {
  /** Prometheus name of the metric that is forecast. */
  readonly metricName: string;
  /** The agent that the series belongs to; absent for system series. */
  readonly agentName?: string;
  /** Labels of the series that is forecast, the agent's among them. */
  readonly labels: Readonly<Record<string, string>>;
  /** How far ahead of `at` the forecast looks, in seconds. */
  readonly horizonSeconds: number;
  /** When the forecast was made, in epoch milliseconds. It speaks of `at + horizonSeconds`. */
  readonly at: number;
}

/** Not enough points yet; `missingPoints` more are needed. */
export interface WarmingUpForecast extends ForecastSubject {
  readonly state: "warming-up";
  readonly missingPoints: number;
}

/** A forecast with its interval. Values are in the unit of the metric. */
export interface ReadyForecast extends ForecastSubject {
  readonly state: "ready";
  readonly predictedValue: number;
  /** Lower bound of the interval of `level`. */
  readonly lower: number;
  /** Upper bound of the interval of `level`. */
  readonly upper: number;
  /** Share of outcomes that the interval is meant to hold: 0.8 unless asked otherwise. */
  readonly level: number;
  readonly trend: Trend;
  readonly slopePerSecond: number;
  /** Name of the method that made it. */
  readonly method: string;
  /** Backtested MASE relative to naive: below 1 is better than assuming no change. */
  readonly errorVersusNaive: number;
  /** One sentence that a person can act on. */
  readonly recommendation: string;
  /** Seconds until the threshold of the metric is crossed, where one is set and will be crossed. */
  readonly timeToThresholdSeconds?: number;
}

/** No forecast could be made; `reason` says why. */
export interface FailedForecast extends ForecastSubject {
  readonly state: "failed";
  readonly reason: string;
}

/** What is known of the future of one series at one horizon: plain data, a union on `state`. */
export type Forecast = WarmingUpForecast | ReadyForecast | FailedForecast;
