import { type SeriesKey, seriesId } from "../core/series-key.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import type { ForecastProducer, PublishedSeries } from "../otel/forecast-producer.ts";
import type { PublishedMetric } from "../otel/published-metric.ts";
import type { ResolvedOutput } from "../views/resolved-output.ts";
import type { ViewValue } from "../views/view-value.ts";

/**
 * Publishes the numbers of views as series of the producer, and removes series whose source is
 * gone.
 */
export class MeasuredPublication {
  readonly #producer: ForecastProducer;
  readonly #metrics = new Map<string, PublishedMetric>();
  readonly #published = new Map<string, PublishedSeries>();

  constructor(producer: ForecastProducer) {
    this.#producer = producer;
  }

  *publish(values: readonly ViewValue[]): Steps<void> {
    const pace = new Pace();
    for (const value of values) {
      this.put(value);
      if (pace.isDue()) yield;
    }
  }

  /** Publishes one number, if its view specifies it. */
  put(made: ViewValue): void {
    if (made.output.isPublished) (made.published ?? this.#seriesOf(made)).put(made.value, made.exemplar);
  }

  forget(keys: readonly SeriesKey[]): void {
    for (const key of keys) {
      const id = seriesId(key);
      this.#published.get(id)?.remove();
      this.#published.delete(id);
    }
  }

  #seriesOf(made: ViewValue): PublishedSeries {
    const { output, key, id } = made;
    let series = this.#published.get(id);
    if (series === undefined) {
      series = this.#producer.series(this.#metricOf(output), key.labels);
      this.#published.set(id, series);
    }
    made.keep?.(series);
    return series;
  }

  /** The metric of a series: the first view that publishes it describes it. */
  #metricOf(output: ResolvedOutput): PublishedMetric {
    let metric = this.#metrics.get(output.metric);
    if (metric === undefined) {
      const { name, unit, description } = output;
      metric = { name, unit, description, type: output.spec.isCounter === true ? "counter" : "gauge" };
      this.#metrics.set(output.metric, metric);
    }
    return metric;
  }
}
