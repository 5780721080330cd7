import { counter, gauge, histogram, type OwnMetric } from "./own-metric.ts";

/** Share of outcomes that a published interval is meant to hold. */
export const INTERVAL_LEVEL = 0.8;

/** The same as the value of the label `level`. */
export const INTERVAL_LEVEL_LABEL = String(INTERVAL_LEVEL);

const OF_METRIC = ["metric"];
const OF_HORIZON = ["metric", "horizon"];
const OF_INTERVAL = ["metric", "horizon", "level"];
const OF_DAY_END = ["metric", "level"];

/** What is said of every series that is forecast, with the labels of that series. */
export const FORECAST_METRICS = {
  ready: gauge("forecast.ready", {
    labels: OF_METRIC,
    description: "1 when the metric is forecast, 0 while there are too few points",
  }),
  // A unit would be added to a name that ends with one.
  slope: gauge("forecast.slope_per_hour", {
    labels: OF_METRIC,
    description: "Direction and speed of the trend, in units of the metric an hour",
  }),
  timeToThreshold: gauge("forecast.time_to_threshold", {
    unit: "s",
    labels: ["metric", "threshold"],
    description: "Time until the metric is forecast to cross its threshold",
  }),
  errorRatio: gauge("forecast.error_ratio", {
    labels: OF_HORIZON,
    description: "Error of past forecasts over that of assuming no change",
  }),
  coverage: gauge("forecast.interval_coverage", {
    labels: OF_INTERVAL,
    description: "Share of past values that fell inside the interval",
  }),
  dayEnd: gauge("forecast.day_end", {
    labels: OF_METRIC,
    description: "What a total of the day is forecast to come to by midnight",
  }),
  dayEndLower: gauge("forecast.day_end_lower", {
    labels: OF_DAY_END,
    description: "Lower bound of what a total of the day comes to by midnight",
  }),
  dayEndUpper: gauge("forecast.day_end_upper", {
    labels: OF_DAY_END,
    description: "Upper bound of what a total of the day comes to by midnight",
  }),
  alertState: gauge("forecast.alert_state", {
    labels: ["alert", "metric", "horizon"],
    description: "State of an alert: 0 inactive, 1 resolved and cooling down, 2 pending, 3 firing",
  }),
} as const;

/** What the forecaster reports of itself. */
export const FORECASTER_METRICS = {
  runs: counter("forecast.runs", { description: "Runs of the forecaster" }),
  runDuration: histogram("forecast.run.duration", {
    unit: "s",
    description: "Time from the start of a run to its end, waiting included",
  }),
  series: gauge("forecast.series", { description: "Series that are kept and forecast" }),
  skipped: counter("forecast.skipped", {
    labels: ["reason"],
    description: "What was handed in and not taken, by reason",
  }),
  seriesDropped: counter("forecast.series_dropped", {
    labels: ["reason"],
    description: "Samples of series that were not kept, by reason",
  }),
  actionRuns: counter("forecast.action_runs", {
    labels: ["action", "outcome"],
    description: "Runs of actions, by outcome",
  }),
} as const;

/** The gauges that predict one metric. They have the labels of its series, and these. */
export interface PredictedMetrics {
  readonly predicted: OwnMetric;
  readonly lower: OwnMetric;
  readonly upper: OwnMetric;
}

/** @param metric the Prometheus name of the metric that is predicted. */
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
