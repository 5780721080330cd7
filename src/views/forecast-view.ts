import type { Bounds } from "../core/bounds.ts";
import type { Horizon } from "../core/horizon.ts";
import type { Threshold } from "../core/threshold.ts";
import type { AttributeFilter } from "./pattern.ts";

/**
 * The number that a view makes of an instrument:
 * - `level`: the last value of a gauge or an up-down counter
 * - `rate`: per second over the window, of a counter's increments or a histogram's recordings
 * - `total`: the count since the start; it is a counter, so it is not forecast
 * - `ratio`: the share, 0 to 1, of points that match `of` in all points of the view, over the
 *   window
 * - `quantile`: a percentile of a histogram over the window
 * - `mean`: the mean of a histogram or of a level over the window
 * - `today`: what a counter counted since midnight, UTC or of the view's `timeZone`, or the sum of
 *   what a histogram recorded
 */
export type MeasuredNumber = "level" | "rate" | "total" | "ratio" | "quantile" | "mean" | "today";

/**
 * What is published of a forecast:
 * - `predicted`: the predicted value at each horizon, and the slope of the trend
 * - `bounds`: the bounds of each interval
 * - `accuracy`: the error and the coverage of past forecasts
 *
 * Whether a series is forecast, the time to a threshold and the end of a day are always published.
 */
export type PublishedPart = "predicted" | "bounds" | "accuracy";

export const PUBLISHED_PARTS = [
  "predicted",
  "bounds",
  "accuracy",
] as const satisfies readonly PublishedPart[];

/** One metric that a view makes of the instruments that it selects. */
export interface ViewOutput {
  /**
   * OpenTelemetry name of the metric. `{instrument}` and `{base}` stand for the instrument's name.
   */
  readonly name: string;
  /** Unit of the metric; default the unit of the instrument. */
  readonly unit?: string;
  readonly description?: string;
  readonly number: MeasuredNumber;
  /** For `quantile`: 0 to 1. */
  readonly quantile?: number;
  /** For `ratio`, `rate`, `total` and `today`: only points that match one of these filters count. */
  readonly of?: readonly AttributeFilter[];
  readonly bounds?: Bounds;
  readonly threshold?: Threshold;
  /**
   * Whether to publish the measured series. The level of an application's own instrument is
   * published already.
   */
  readonly isPublished: boolean;
  readonly isForecast: boolean;
  readonly isCounter?: boolean;
  /**
   * Whether a level is a total of the day, as `today` always is: it only rises and starts at 0 at midnight, UTC or of the
   * view's `timeZone`. The forecast then gives the total at midnight, and the time at which the
   * total crosses its threshold today.
   */
  readonly isDailyTotal?: boolean;
}

/**
 * Selects instruments and makes metrics of them. If several views give a value to the same series,
 * the first view wins.
 */
export interface ForecastView {
  /** Patterns of OpenTelemetry instrument names; `*` stands for anything. */
  readonly instruments: readonly string[];
  /** Patterns of instrument names that are excluded. */
  readonly except?: readonly string[];
  /** Pattern of the instrumentation scope. */
  readonly scope?: string;
  /** Patterns of scopes that are excluded. */
  readonly exceptScopes?: readonly string[];
  /** Kinds of instrument; default every kind that the outputs can be made of. */
  readonly kinds?: readonly ("level" | "increment" | "histogram")[];
  /** Only points that match are used. */
  readonly where?: AttributeFilter;
  /** Attributes that distinguish the series. Points are summed over all other attributes. */
  readonly by: readonly string[] | "all";
  readonly outputs: readonly ViewOutput[];
  /** Default: the horizons of the process. */
  readonly horizons?: readonly Horizon[];
  /** What is published of the forecasts. Default: everything. */
  readonly publish?: readonly PublishedPart[];
  /** Default: the forecasting method of the process. */
  readonly method?: string;
  /** Candidate season in seconds, such as 86400 for a day; default found in the data. */
  readonly seasonSeconds?: number;
  /**
   * IANA name of the time zone of daily and weekly seasons, such as `Europe/Berlin`; default UTC.
   */
  readonly timeZone?: string;
}
