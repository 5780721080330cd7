import { counter, gauge, histogram, type OwnMetric } from "./own-metric.ts";

/** The share of outcomes that a published interval is meant to hold. */
export const INTERVAL_LEVEL = 0.8;

/** The same, as the value of the label `level`. */
export const INTERVAL_LEVEL_LABEL = String(INTERVAL_LEVEL);

const OF_METRIC = ["metric"];
const OF_HORIZON = ["metric", "horizon"];
const OF_INTERVAL = ["metric", "horizon", "level"];
const OF_DAY_END = ["metric", "level"];

/** The metrics about each forecast series. They also have the labels of that series. */
export const FORECAST_METRICS = {
  ready: gauge("forecast.ready", {
    labels: OF_METRIC,
    description: "1 if the metric is forecast, 0 while there are too few points",
  }),
  // A unit would become a suffix of the name.
  slope: gauge("forecast.slope_per_hour", {
    labels: OF_METRIC,
    description: "Slope of the trend, in units of the metric per hour",
  }),
  timeToThreshold: gauge("forecast.time_to_threshold", {
    unit: "s",
    labels: ["metric", "threshold"],
    description: "Time until the metric is forecast to cross its threshold",
  }),
  errorRatio: gauge("forecast.error_ratio", {
    labels: OF_HORIZON,
    description: "Error of past forecasts relative to assuming no change",
  }),
  backtestErrorRatio: gauge("forecast.backtest_error_ratio", {
    labels: OF_HORIZON,
    description: "Backtested error relative to assuming no change, until forecast_error_ratio is known",
  }),
  coverage: gauge("forecast.interval_coverage", {
    labels: OF_INTERVAL,
    description: "Share of past values that fell inside the interval",
  }),
  dayEnd: gauge("forecast.day_end", {
    labels: OF_METRIC,
    description: "Forecast of a total of the day at midnight",
  }),
  dayEndLower: gauge("forecast.day_end_lower", {
    labels: OF_DAY_END,
    description: "Lower bound of the forecast of a total of the day at midnight",
  }),
  dayEndUpper: gauge("forecast.day_end_upper", {
    labels: OF_DAY_END,
    description: "Upper bound of the forecast of a total of the day at midnight",
  }),
  alertState: gauge("forecast.alert_state", {
    labels: ["alert", "metric", "horizon"],
    description: "State of an alert: 0 inactive, 1 resolved and cooling down, 2 pending, 3 firing",
  }),
} as const;

/** The metrics about the forecaster itself. */
export const FORECASTER_METRICS = {
  runs: counter("forecast.runs", { description: "Runs of the forecaster" }),
  runDuration: histogram("forecast.run.duration", {
    unit: "s",
    description: "Time from the start of a run to its end, including waiting",
  }),
  series: gauge("forecast.series", { description: "Series that are stored and forecast" }),
  skipped: counter("forecast.skipped", {
    labels: ["reason"],
    description: "Records and values that were skipped, by reason",
  }),
  seriesDropped: counter("forecast.series_dropped", {
    labels: ["reason"],
    description: "Dropped samples of series, by reason",
  }),
  actionRuns: counter("forecast.action_runs", {
    labels: ["action", "outcome"],
    description: "Runs of actions, by outcome",
  }),
} as const;

/** The gauges that predict one metric. They also have the labels of its series. */
export interface PredictedMetrics {
  readonly predicted: OwnMetric;
  readonly lower: OwnMetric;
  readonly upper: OwnMetric;
}

/** @param metric the Prometheus name of the predicted metric. */
export function predictedMetrics(metric: string): PredictedMetrics {
  return {
    predicted: gauge(`${metric}_predicted`, {
      labels: ["horizon"],
      description: `Predicted value of ${metric} at now + horizon`,
    }),
    lower: gauge(`${metric}_predicted_lower`, {
      labels: ["horizon", "level"],
      description: `Lower bound of the predicted value of ${metric}`,
    }),
    upper: gauge(`${metric}_predicted_upper`, {
      labels: ["horizon", "level"],
      description: `Upper bound of the predicted value of ${metric}`,
    }),
  };
}
