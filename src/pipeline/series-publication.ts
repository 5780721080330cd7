import type { Horizon } from "../core/horizon.ts";
import type { Labels, SeriesKey } from "../core/series-key.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ForecastProducer, PublishedMetric } from "../telemetry/forecast-producer.ts";

/** A predicted value and its interval. */
export interface PredictedInterval {
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
}

/** How good the past forecasts of one horizon were, as far as that is known. */
export interface Accuracy {
  readonly errorRatio?: number | undefined;
  readonly coverage?: number | undefined;
}

/** Labels that say something about a forecast. */
const RESERVED = ["metric", "horizon", "level", "threshold"];

const gauge = (name: string, description: string): PublishedMetric => ({
  name,
  unit: "",
  description,
  type: "gauge",
});

const SLOPE = gauge(
  "forecast.slope_per_hour",
  "Direction and speed of the trend, in units of the metric an hour",
);
const READY = gauge("forecast.ready", "1 when the metric is forecast, 0 while there are too few points");
const ERROR_RATIO = gauge("forecast.error_ratio", "Error of past forecasts over that of assuming no change");
const COVERAGE = gauge("forecast.interval_coverage", "Share of past values that fell inside the interval");
const TIME_TO_THRESHOLD: PublishedMetric = {
  name: "forecast.time_to_threshold",
  unit: "s",
  description: "Time until the metric is forecast to cross its threshold",
  type: "gauge",
};

/** The metrics that predict one metric. Series of the same metric share them. */
export interface PredictedMetrics {
  readonly predicted: PublishedMetric;
  readonly lower: PublishedMetric;
  readonly upper: PublishedMetric;
}

export function predictedMetrics(metric: string): PredictedMetrics {
  return {
    predicted: gauge(`${metric}_predicted`, `Predicted value of ${metric} at now + horizon`),
    lower: gauge(`${metric}_predicted_lower`, `Lower bound of the predicted value of ${metric}`),
    upper: gauge(`${metric}_predicted_upper`, `Upper bound of the predicted value of ${metric}`),
  };
}

interface Slot {
  readonly metric: PublishedMetric;
  readonly id: string;
  readonly labels: Labels;
}

/** Puts what is known of one series' future into the producer, and takes it away again. Labels are built once. */
export class SeriesPublication {
  readonly #producer: ForecastProducer;
  readonly #id: string;
  readonly #put = new Map<string, Slot>();
  readonly #slots = new Map<string, Slot>();
  readonly #predicted: PredictedMetrics;
  readonly #labels: Labels;
  readonly #withMetric: Labels;

  constructor(producer: ForecastProducer, key: SeriesKey, id: string, predicted: PredictedMetrics) {
    this.#producer = producer;
    this.#id = id;
    this.#predicted = predicted;
    this.#labels = withoutReserved(key.labels);
    this.#withMetric = { ...this.#labels, metric: key.metric };
  }

  ready(isReady: boolean): void {
    this.#set("ready", READY, {}, this.#withMetric, isReady ? 1 : 0);
  }

  forecast(horizon: Horizon, interval: PredictedInterval, level: string): void {
    const at = { horizon: horizon.label };
    const { predicted, lower, upper } = this.#predicted;
    this.#set(`predicted ${horizon.label}`, predicted, at, this.#labels, interval.predicted);
    this.#set(`lower ${horizon.label}`, lower, { ...at, level }, this.#labels, interval.lower);
    this.#set(`upper ${horizon.label}`, upper, { ...at, level }, this.#labels, interval.upper);
  }

  accuracy(horizon: Horizon, accuracy: Accuracy, level: string): void {
    const at = { horizon: horizon.label };
    this.#setOrDrop(`error ${horizon.label}`, ERROR_RATIO, at, accuracy.errorRatio);
    this.#setOrDrop(`coverage ${horizon.label}`, COVERAGE, { ...at, level }, accuracy.coverage);
  }

  slope(perSecond: number): void {
    this.#set("slope", SLOPE, {}, this.#withMetric, perSecond * 3600);
  }

  timeToThreshold(threshold: Threshold | undefined, seconds: number | undefined): void {
    if (threshold === undefined) return;
    this.#setOrDrop("threshold", TIME_TO_THRESHOLD, { threshold: String(threshold.value) }, seconds);
  }

  /** Takes away what was predicted at a horizon, of which nothing can be said any more. */
  withdraw(horizon: Horizon): void {
    for (const what of ["predicted", "lower", "upper", "error", "coverage"])
      this.#drop(`${what} ${horizon.label}`);
  }

  /** Takes away what was said of where the series is heading. */
  withdrawTrend(): void {
    this.#drop("slope");
    this.#drop("threshold");
  }

  /** Takes away everything that was put for this series. */
  remove(): void {
    for (const { metric, id } of this.#put.values()) this.#producer.remove(metric, id);
    this.#put.clear();
  }

  #setOrDrop(name: string, metric: PublishedMetric, extra: Labels, value: number | undefined): void {
    if (value !== undefined) {
      this.#set(name, metric, extra, this.#withMetric, value);
      return;
    }
    this.#drop(name);
  }

  #drop(name: string): void {
    const slot = this.#put.get(name);
    if (slot === undefined) return;
    this.#producer.remove(slot.metric, slot.id);
    this.#put.delete(name);
  }

  #set(name: string, metric: PublishedMetric, extra: Labels, labels: Labels, value: number): void {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = { metric, id: `${this.#id}\u0002${name}`, labels: { ...labels, ...extra } };
      this.#slots.set(name, slot);
    }
    this.#put.set(name, slot);
    this.#producer.put(slot.metric, slot.id, slot.labels, value);
  }
}

/** A label of the series that has the name of one of ours is renamed as Prometheus renames such labels. */
function withoutReserved(labels: Labels): Labels {
  if (!RESERVED.some((name) => name in labels)) return labels;
  const renamed = Object.entries(labels).map(([name, value]) => [
    RESERVED.includes(name) ? `exported_${name}` : name,
    value,
  ]);
  return Object.fromEntries(renamed);
}
