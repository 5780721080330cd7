import type { Horizon } from "../../core/horizon.ts";
import type { Labels, SeriesKey } from "../../core/series-key.ts";
import type { Threshold } from "../../core/threshold.ts";
import { FORECAST_METRICS, type PredictedMetrics } from "../../metrics/forecast-metrics.ts";
import type { ForecastProducer, PublishedSeries } from "../../otel/forecast-producer.ts";
import { withoutReserved } from "../../otel/reserved-labels.ts";
import { DayEndPublication } from "./day-end-publication.ts";
import type { PredictedInterval } from "./predicted-interval.ts";

/** How good the past forecasts at one horizon were; absent until enough were scored. */
export interface Accuracy {
  readonly errorRatio?: number | undefined;
  readonly coverage?: number | undefined;
}

/** The error of a model in its backtest, divided by that of "no change". */
export interface Backtest {
  readonly errorVersusNaive: number;
}

/** The published series of one horizon. */
interface HorizonSeries {
  readonly horizon: Horizon;
  readonly predicted: PublishedSeries;
  readonly lower: PublishedSeries;
  readonly upper: PublishedSeries;
  readonly errorRatio: PublishedSeries;
  readonly backtestErrorRatio: PublishedSeries;
  readonly coverage: PublishedSeries;
}

/** Publishes the forecasts of one series and removes them. Labels are built once. */
export class SeriesPublication {
  readonly #producer: ForecastProducer;
  readonly #predicted: PredictedMetrics;
  readonly #labels: Labels;
  readonly #withMetric: Labels;
  readonly #ready: PublishedSeries;
  readonly #slope: PublishedSeries;
  #timeToThreshold: PublishedSeries | undefined;
  #dayEnd: DayEndPublication | undefined;
  /** There are few horizons and many series, so this is an array. */
  readonly #horizons: HorizonSeries[] = [];

  constructor(producer: ForecastProducer, key: SeriesKey, predicted: PredictedMetrics) {
    this.#producer = producer;
    this.#predicted = predicted;
    this.#labels = withoutReserved(key.labels);
    this.#withMetric = { ...this.#labels, metric: key.metric };
    this.#ready = producer.series(FORECAST_METRICS.ready, this.#withMetric);
    this.#slope = producer.series(FORECAST_METRICS.slope, this.#withMetric);
  }

  ready(isReady: boolean): void {
    this.#ready.put(isReady ? 1 : 0);
  }

  forecast(horizon: Horizon, interval: PredictedInterval, level: string): void {
    const { predicted, lower, upper } = this.#of(horizon, level);
    predicted.put(interval.predicted);
    lower.put(interval.lower);
    upper.put(interval.upper);
  }

  /** Publishes how good the forecasts are. The backtest counts until enough were scored. */
  accuracy(horizon: Horizon, accuracy: Accuracy, backtest: Backtest, level: string): void {
    const { errorRatio, backtestErrorRatio, coverage } = this.#of(horizon, level);
    putOrRemove(errorRatio, accuracy.errorRatio);
    putOrRemove(coverage, accuracy.coverage);
    const isNeeded = accuracy.errorRatio === undefined && Number.isFinite(backtest.errorVersusNaive);
    putOrRemove(backtestErrorRatio, isNeeded ? backtest.errorVersusNaive : undefined);
  }

  slope(perSecond: number): void {
    this.#slope.put(perSecond * 3600);
  }

  timeToThreshold(threshold: Threshold | undefined, seconds: number | undefined): void {
    if (threshold === undefined) return;
    this.#timeToThreshold ??= this.#producer.series(FORECAST_METRICS.timeToThreshold, {
      ...this.#withMetric,
      threshold: String(threshold.value),
    });
    putOrRemove(this.#timeToThreshold, seconds);
  }

  /** Publishes what the total of the day is forecast to be at midnight. */
  dayEnd(interval: PredictedInterval, level: string): void {
    this.#dayEnd ??= new DayEndPublication(this.#producer, this.#withMetric, level);
    this.#dayEnd.put(interval);
  }

  /** Removes the forecast at a horizon. */
  withdraw(horizon: Horizon): void {
    const known = this.#known(horizon);
    if (known === undefined) return;
    const { predicted, lower, upper, errorRatio, backtestErrorRatio, coverage } = known;
    for (const series of [predicted, lower, upper, errorRatio, backtestErrorRatio, coverage]) series.remove();
  }

  /** Removes the trend and the time to the threshold. */
  withdrawTrend(): void {
    this.#slope.remove();
    this.#timeToThreshold?.remove();
  }

  withdrawDayEnd(): void {
    this.#dayEnd?.remove();
  }

  /** Removes everything that was published for this series. */
  remove(): void {
    for (const { horizon } of this.#horizons) this.withdraw(horizon);
    this.withdrawTrend();
    this.withdrawDayEnd();
    this.#ready.remove();
  }

  #of(horizon: Horizon, level: string): HorizonSeries {
    let series = this.#known(horizon);
    if (series === undefined) {
      series = this.#newSeriesOf(horizon, level);
      this.#horizons.push(series);
    }
    return series;
  }

  #known(horizon: Horizon): HorizonSeries | undefined {
    for (const known of this.#horizons) if (known.horizon === horizon) return known;
    return undefined;
  }

  #newSeriesOf(horizon: Horizon, level: string): HorizonSeries {
    const at = { ...this.#labels, horizon: horizon.label };
    const within = { ...at, level };
    const judged = { ...this.#withMetric, horizon: horizon.label };
    return {
      horizon,
      predicted: this.#producer.series(this.#predicted.predicted, at),
      lower: this.#producer.series(this.#predicted.lower, within),
      upper: this.#producer.series(this.#predicted.upper, within),
      errorRatio: this.#producer.series(FORECAST_METRICS.errorRatio, judged),
      backtestErrorRatio: this.#producer.series(FORECAST_METRICS.backtestErrorRatio, judged),
      coverage: this.#producer.series(FORECAST_METRICS.coverage, { ...judged, level }),
    };
  }
}

function putOrRemove(series: PublishedSeries, value: number | undefined): void {
  if (value === undefined) series.remove();
  else series.put(value);
}
