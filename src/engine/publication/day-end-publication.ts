import type { Labels } from "../../core/series-key.ts";
import type { ForecastProducer, PublishedSeries } from "../../otel/forecast-producer.ts";
import { forecastGauge, type PredictedInterval } from "./forecast-gauge.ts";

const DAY_END = forecastGauge(
  "forecast.day_end",
  "What a total of the day is forecast to come to by midnight",
);
const LOWER = forecastGauge(
  "forecast.day_end_lower",
  "Lower bound of what a total of the day comes to by midnight",
);
const UPPER = forecastGauge(
  "forecast.day_end_upper",
  "Upper bound of what a total of the day comes to by midnight",
);

/** Publishes what a total of the day comes to, and takes it away again. */
export class DayEndPublication {
  readonly #predicted: PublishedSeries;
  readonly #lower: PublishedSeries;
  readonly #upper: PublishedSeries;

  /** `labels` are those of the series, with the name of its metric. */
  constructor(producer: ForecastProducer, labels: Labels, level: string) {
    this.#predicted = producer.series(DAY_END, labels);
    this.#lower = producer.series(LOWER, { ...labels, level });
    this.#upper = producer.series(UPPER, { ...labels, level });
  }

  put({ predicted, lower, upper }: PredictedInterval): void {
    this.#predicted.put(predicted);
    this.#lower.put(lower);
    this.#upper.put(upper);
  }

  remove(): void {
    for (const series of [this.#predicted, this.#lower, this.#upper]) series.remove();
  }
}
