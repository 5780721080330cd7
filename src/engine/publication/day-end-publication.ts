import type { LabelOwner } from "../../core/label-owner.ts";
import type { Labels } from "../../core/series-key.ts";
import { FORECAST_METRICS } from "../../metrics/forecast-metrics.ts";
import type { ForecastProducer } from "../../otel/forecast-producer.ts";
import type { PublishedRows } from "../../otel/published-rows.ts";
import type { PredictedInterval } from "./predicted-interval.ts";

/** The columns, and their metrics. */
const PREDICTED = 0;
const LOWER = 1;
const UPPER = 2;
const METRICS = [FORECAST_METRICS.dayEnd, FORECAST_METRICS.dayEndLower, FORECAST_METRICS.dayEndUpper];

/** Publishes the forecast of a total for the end of the day. */
export class DayEndPublication implements LabelOwner {
  readonly #predicted: Labels;
  readonly #bounds: Labels;
  readonly #rows: PublishedRows;
  #row: number;

  /** `labels` are those of the series and the name of its metric. */
  constructor(producer: ForecastProducer, labels: Labels, level: string) {
    this.#predicted = labels;
    this.#bounds = { ...labels, level };
    this.#rows = producer.rows(METRICS);
    this.#row = this.#rows.add(this);
  }

  put({ predicted, lower, upper }: PredictedInterval): void {
    this.#rows.put(this.#row, PREDICTED, predicted);
    this.#rows.put(this.#row, LOWER, lower);
    this.#rows.put(this.#row, UPPER, upper);
  }

  labelsOf(column: number): Labels {
    return column === PREDICTED ? this.#predicted : this.#bounds;
  }

  labelSetOf(column: number): number {
    return column === PREDICTED ? PREDICTED : LOWER;
  }

  /** Removes the forecast. This object publishes nothing from then on. */
  remove(): void {
    this.#row = this.#rows.delete(this.#row);
  }
}
