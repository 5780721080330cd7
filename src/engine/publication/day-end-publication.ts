import type { Labels } from "../../core/series-key.ts";
import { FORECAST_METRICS } from "../../metrics/forecast-metrics.ts";
import type { ForecastProducer, PublishedSeries } from "../../otel/forecast-producer.ts";
import type { PredictedInterval } from "./predicted-interval.ts";

/** Publishes what a total of the day comes to, and takes it away again. */
export class DayEndPublication {
  readonly #predicted: PublishedSeries;
  readonly #lower: PublishedSeries;
  readonly #upper: PublishedSeries;

  /** `labels` are those of the series, with the name of its metric. */
  constructor(producer: ForecastProducer, labels: Labels, level: string) {
    this.#predicted = producer.series(FORECAST_METRICS.dayEnd, labels);
    this.#lower = producer.series(FORECAST_METRICS.dayEndLower, { ...labels, level });
    this.#upper = producer.series(FORECAST_METRICS.dayEndUpper, { ...labels, level });
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
