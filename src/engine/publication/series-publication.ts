import { trendOf } from "../../advice/trend.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { LabelOwner } from "../../core/label-owner.ts";
import type { Labels, SeriesKey } from "../../core/series-key.ts";
import type { Threshold } from "../../core/threshold.ts";
import {
  FORECAST_METRICS,
  INTERVAL_LEVEL_LABEL,
  type PredictedMetrics,
} from "../../metrics/forecast-metrics.ts";
import type { ForecastProducer } from "../../otel/forecast-producer.ts";
import { NO_ROW, type PublishedRows } from "../../otel/published-rows.ts";
import { withoutReserved } from "../../otel/reserved-labels.ts";
import { PUBLISHED_PARTS, type PublishedPart } from "../../views/forecast-view.ts";
import type { SeriesOutlook } from "../series-outlook.ts";
import { DayEndPublication } from "./day-end-publication.ts";
import { HorizonPublication } from "./horizon-publication.ts";
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

/** What is published beside the outlook of a series. */
export interface PublishedBeside {
  /** The threshold of the series, if it has one. */
  readonly threshold: Threshold | undefined;
  /** Whether the series has no new value: then its forecasts are not those of the present. */
  readonly isStandingStill: boolean;
  accuracyAt(horizon: Horizon): Accuracy;
}

/** The columns, and their metrics. */
const READY = 0;
const SLOPE = 1;
const TIME_TO_THRESHOLD = 2;
const METRICS = [FORECAST_METRICS.ready, FORECAST_METRICS.slope, FORECAST_METRICS.timeToThreshold];

/** Publishes the forecasts of one series and removes them. */
export class SeriesPublication implements LabelOwner {
  readonly #parts: readonly PublishedPart[];
  readonly #producer: ForecastProducer;
  readonly #predicted: PredictedMetrics;
  /** The key of the series, without reserved labels. */
  readonly #key: SeriesKey;
  readonly #rows: PublishedRows;
  #row: number;
  #threshold = "";
  #dayEnd: DayEndPublication | undefined;
  /** There are few horizons and many series, so this is an array. */
  #horizons: readonly HorizonPublication[] = [];

  /** @param parts what is published of the forecasts. */
  constructor(
    producer: ForecastProducer,
    key: SeriesKey,
    predicted: PredictedMetrics,
    parts: readonly PublishedPart[] = PUBLISHED_PARTS,
  ) {
    this.#parts = parts;
    this.#producer = producer;
    this.#predicted = predicted;
    const labels = withoutReserved(key.labels);
    this.#key = labels === key.labels ? key : { metric: key.metric, labels };
    this.#rows = producer.rows(METRICS);
    this.#row = this.#rows.add(this);
  }

  labelsOf(column: number): Labels {
    const { metric, labels } = this.#key;
    if (column !== TIME_TO_THRESHOLD) return { ...labels, metric };
    return { ...labels, metric, threshold: this.#threshold };
  }

  labelSetOf(column: number): number {
    return column === TIME_TO_THRESHOLD ? TIME_TO_THRESHOLD : READY;
  }

  /** Publishes the outlook of the series, and removes what it does not have any more. */
  outlook(outlook: SeriesOutlook, { threshold, isStandingStill, accuracyAt }: PublishedBeside): void {
    const { horizons, dayEnd } = outlook;
    this.keepOnly(horizons);
    if (dayEnd === undefined) this.withdrawDayEnd();
    else this.dayEnd(dayEnd, INTERVAL_LEVEL_LABEL);
    for (const found of horizons) {
      this.forecast(found.horizon, found, INTERVAL_LEVEL_LABEL);
      this.accuracy(found.horizon, accuracyAt(found.horizon), found.model, INTERVAL_LEVEL_LABEL);
    }
    const longest = horizons.at(-1);
    this.ready(longest !== undefined && !isStandingStill);
    if (longest === undefined) {
      this.withdrawTrend();
      return;
    }
    const { predicted, lower, upper, secondsAhead: horizonSeconds } = longest;
    const { value: current } = outlook.latest;
    const { slopePerSecond } = trendOf({ current, predicted, lower, upper, horizonSeconds });
    this.slope(slopePerSecond);
    this.timeToThreshold(threshold, threshold && outlook.secondsUntil(threshold));
  }

  ready(isReady: boolean): void {
    this.#rows.put(this.#row, READY, isReady ? 1 : 0);
  }

  forecast(horizon: Horizon, interval: PredictedInterval, level: string): void {
    const publication = this.#at(horizon, level);
    if (this.#parts.includes("predicted")) publication?.predicted(interval);
    if (this.#parts.includes("bounds")) publication?.bounds(interval);
  }

  /** Publishes how good the forecasts are. The backtest counts until enough were scored. */
  accuracy(
    horizon: Horizon,
    { errorRatio, coverage }: Accuracy,
    { errorVersusNaive }: Backtest,
    level: string,
  ): void {
    if (!this.#parts.includes("accuracy")) return;
    const isNeeded = errorRatio === undefined && Number.isFinite(errorVersusNaive);
    this.#at(horizon, level)?.accuracy(errorRatio, coverage, isNeeded ? errorVersusNaive : undefined);
  }

  slope(perSecond: number): void {
    if (!this.#parts.includes("predicted")) return;
    this.#rows.put(this.#row, SLOPE, perSecond * 3600);
  }

  timeToThreshold(threshold: Threshold | undefined, seconds: number | undefined): void {
    if (threshold === undefined) return;
    if (this.#threshold === "") this.#threshold = String(threshold.value);
    this.#rows.putOrRemove(this.#row, TIME_TO_THRESHOLD, seconds);
  }

  /** Publishes what the total of the day is forecast to be at midnight. */
  dayEnd(interval: PredictedInterval, level: string): void {
    if (this.#isRemoved) return;
    this.#dayEnd ??= new DayEndPublication(this.#producer, this.labelsOf(READY), level);
    this.#dayEnd.put(interval);
  }

  /** Removes the forecasts at all other horizons. */
  keepOnly(forecast: readonly { readonly horizon: Horizon }[]): void {
    if (this.#horizons.every((at) => isAmong(forecast, at.horizon))) return;
    for (const at of this.#horizons) if (!isAmong(forecast, at.horizon)) at.remove();
    this.#horizons = this.#horizons.filter((at) => isAmong(forecast, at.horizon));
  }

  /** Removes the trend and the time to the threshold. */
  withdrawTrend(): void {
    this.#rows.remove(this.#row, SLOPE);
    this.#rows.remove(this.#row, TIME_TO_THRESHOLD);
  }

  withdrawDayEnd(): void {
    this.#dayEnd?.remove();
    this.#dayEnd = undefined;
  }

  /**
   * Removes everything that was published for this series. A collection that is under way publishes
   * nothing of it any more.
   */
  remove(): void {
    for (const at of this.#horizons) at.remove();
    this.withdrawDayEnd();
    this.#row = this.#rows.delete(this.#row);
  }

  get #isRemoved(): boolean {
    return this.#row === NO_ROW;
  }

  #at(horizon: Horizon, level: string): HorizonPublication | undefined {
    if (this.#isRemoved) return undefined;
    const known = this.#known(horizon);
    if (known !== undefined) return known;
    const made = new HorizonPublication(this.#producer, this.#predicted, this.#key, horizon, level);
    // An array that grows keeps spare room, and there are many of these arrays.
    this.#horizons = this.#horizons.concat(made);
    return made;
  }

  #known(horizon: Horizon): HorizonPublication | undefined {
    for (const at of this.#horizons) if (at.horizon === horizon) return at;
    return undefined;
  }
}

function isAmong(forecast: readonly { readonly horizon: Horizon }[], asked: Horizon): boolean {
  return forecast.some(({ horizon }) => horizon === asked);
}
