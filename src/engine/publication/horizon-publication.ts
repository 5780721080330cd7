import type { Horizon } from "../../core/horizon.ts";
import type { LabelOwner } from "../../core/label-owner.ts";
import type { Labels, SeriesKey } from "../../core/series-key.ts";
import { FORECAST_METRICS, type PredictedMetrics } from "../../metrics/forecast-metrics.ts";
import type { ForecastProducer } from "../../otel/forecast-producer.ts";
import type { PublishedRows } from "../../otel/published-rows.ts";
import type { PredictedInterval } from "./predicted-interval.ts";

/** The columns, in the order of `metricsOf`. */
const PREDICTED = 0;
const LOWER = 1;
const UPPER = 2;
const ERROR_RATIO = 3;
const BACKTEST_ERROR_RATIO = 4;
const COVERAGE = 5;

function metricsOf({ predicted, lower, upper }: PredictedMetrics) {
  const { errorRatio, backtestErrorRatio, coverage } = FORECAST_METRICS;
  return [predicted, lower, upper, errorRatio, backtestErrorRatio, coverage];
}

/** Publishes the forecast of one series at one horizon, and how good it is. */
export class HorizonPublication implements LabelOwner {
  readonly horizon: Horizon;
  readonly #key: SeriesKey;
  readonly #level: string;
  readonly #rows: PublishedRows;
  #row: number;

  /** @param key that of the series, without reserved labels. */
  constructor(
    producer: ForecastProducer,
    metrics: PredictedMetrics,
    key: SeriesKey,
    horizon: Horizon,
    level: string,
  ) {
    this.horizon = horizon;
    this.#key = key;
    this.#level = level;
    this.#rows = producer.rows(metricsOf(metrics));
    this.#row = this.#rows.add(this);
  }

  predicted({ predicted }: PredictedInterval): void {
    this.#rows.put(this.#row, PREDICTED, predicted);
  }

  bounds({ lower, upper }: PredictedInterval): void {
    this.#rows.put(this.#row, LOWER, lower);
    this.#rows.put(this.#row, UPPER, upper);
  }

  accuracy(
    errorRatio: number | undefined,
    coverage: number | undefined,
    backtestErrorRatio: number | undefined,
  ): void {
    this.#rows.putOrRemove(this.#row, ERROR_RATIO, errorRatio);
    this.#rows.putOrRemove(this.#row, COVERAGE, coverage);
    this.#rows.putOrRemove(this.#row, BACKTEST_ERROR_RATIO, backtestErrorRatio);
  }

  labelsOf(column: number): Labels {
    const { metric, labels } = this.#key;
    const level = this.#level;
    const horizon = this.horizon.label;
    switch (this.labelSetOf(column)) {
      case PREDICTED:
        return { ...labels, horizon };
      case LOWER:
        return { ...labels, horizon, level };
      case COVERAGE:
        return { ...labels, metric, horizon, level };
      default:
        return { ...labels, metric, horizon };
    }
  }

  labelSetOf(column: number): number {
    if (column === UPPER) return LOWER;
    return column === BACKTEST_ERROR_RATIO ? ERROR_RATIO : column;
  }

  /** Removes the forecast. This object publishes nothing from then on. */
  remove(): void {
    this.#row = this.#rows.delete(this.#row);
  }
}
