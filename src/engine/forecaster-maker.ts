import type { ResolvedOptions } from "../config/options.ts";
import type { SeriesKey } from "../core/series-key.ts";
import { type PredictedMetrics, predictedMetrics } from "../metrics/forecast-metrics.ts";
import type { ForecastProducer } from "../otel/forecast-producer.ts";
import { type LocalClock, localClock } from "../series/local-clock.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import type { ResolvedOutput } from "../views/resolved-output.ts";
import { DailyTotalKind } from "./daily-total-kind.ts";
import { SeriesPublication } from "./publication/series-publication.ts";
import { SeriesForecaster } from "./series-forecaster.ts";
import { levelKind } from "./series-kind.ts";
import type { SeriesPlan } from "./series-plan.ts";

/** Makes the forecaster of a new series, as its view and the options plan it. */
export class ForecasterMaker {
  readonly #options: ResolvedOptions;
  readonly #producer: ForecastProducer;
  readonly #predicted = new Map<string, PredictedMetrics>();
  readonly #clocks = new Map<string, LocalClock>();

  constructor(options: ResolvedOptions, producer: ForecastProducer) {
    this.#options = options;
    this.#producer = producer;
  }

  make(output: ResolvedOutput, key: SeriesKey, series: TieredSeries): SeriesForecaster {
    const publication = new SeriesPublication(this.#producer, key, this.#predictedOf(key.metric));
    return new SeriesForecaster(this.#planOf(output, key), series, publication);
  }

  /** One description for all series of a metric. */
  #predictedOf(metric: string): PredictedMetrics {
    let predicted = this.#predicted.get(metric);
    if (predicted === undefined) {
      predicted = predictedMetrics(metric);
      this.#predicted.set(metric, predicted);
    }
    return predicted;
  }

  #planOf({ view, spec, unit }: ResolvedOutput, key: SeriesKey): SeriesPlan {
    const clock = view.timeZone === undefined ? undefined : this.#clockOf(view.timeZone);
    const bounds = spec.bounds ?? {};
    return {
      key,
      unit,
      horizons: view.horizons ?? this.#options.horizons,
      method: view.method ?? this.#options.method,
      threshold: spec.threshold ?? this.#options.thresholds.get(key.metric),
      seasonSeconds: view.seasonSeconds,
      kind: spec.isDailyTotal === true ? new DailyTotalKind(bounds, clock) : levelKind(bounds),
      clock,
      forecastIntervalMillis: this.#options.forecastIntervalMillis,
      stepMillis: this.#options.collectionIntervalMillis,
    };
  }

  /** One clock for all series of a zone: each remembers what it was asked. */
  #clockOf(timeZone: string): LocalClock {
    let clock = this.#clocks.get(timeZone);
    if (clock === undefined) {
      clock = localClock(timeZone);
      this.#clocks.set(timeZone, clock);
    }
    return clock;
  }
}
