import type { Bounds } from "../core/bounds.ts";
import type { Horizon } from "../core/horizon.ts";
import type { Threshold } from "../core/threshold.ts";
import type { AttributeFilter } from "./pattern.ts";

/**
 * Which number of an instrument is meant:
 * - `level`: the last value of a gauge or an up-down counter
 * - `rate`: how many a second over the window, of a counter's increments or a histogram's
 *   recordings
 * - `total`: the count since the start; a counter, so it is not forecast itself
 * - `ratio`: the share, 0..1, of what matches `of` in all that the view selects, over the window
 * - `quantile`: a percentile of a histogram over the window
 * - `mean`: the mean of a histogram, or of a level, over the window
 */
export type MeasuredNumber = "level" | "rate" | "total" | "ratio" | "quantile" | "mean";

/** One metric that a view makes of what it selects. */
export interface ViewOutput {
  /**
   * OpenTelemetry name of the metric; `{instrument}` and `{base}` stand for the name of what was
   * selected.
   */
  readonly name: string;
  /** Unit of the metric; absent: the unit of the instrument. */
  readonly unit?: string;
  readonly description?: string;
  readonly number: MeasuredNumber;
  /** For `quantile`, 0..1. */
  readonly quantile?: number;
  /** For `ratio`, `rate` and `total`: only what matches one of these counts. */
  readonly of?: readonly AttributeFilter[];
  readonly bounds?: Bounds;
  readonly threshold?: Threshold;
  /**
   * Whether the measured series is published by us; a level of an application's own instrument is
   * out already.
   */
  readonly isPublished: boolean;
  readonly isForecast: boolean;
  readonly isCounter?: boolean;
  /**
   * Whether a level is a total that only rises and starts from 0 at midnight, UTC or of the view's
   * `timeZone`: it is forecast by what is used, with what it comes to by midnight and when it
   * passes its threshold today.
   */
  readonly isDailyTotal?: boolean;
}

/**
 * Selects instruments and says what is made of them. The first view that gives a series a value
 * wins.
 */
export interface ForecastView {
  /** Patterns of OpenTelemetry instrument names; `*` stands for anything. */
  readonly instruments: readonly string[];
  /** Patterns of instrument names that are left out. */
  readonly except?: readonly string[];
  /** Pattern of the instrumentation scope. */
  readonly scope?: string;
  /** Patterns of scopes that are left out. */
  readonly exceptScopes?: readonly string[];
  /**
   * Which kinds of instrument; absent: every kind that the numbers of the outputs can be taken
   * from.
   */
  readonly kinds?: readonly ("level" | "increment" | "histogram")[];
  /** Points that do not match are left out. */
  readonly where?: AttributeFilter;
  /** Attributes that tell series apart; the others are summed over. */
  readonly by: readonly string[] | "all";
  readonly outputs: readonly ViewOutput[];
  /** Absent: the horizons of the process. */
  readonly horizons?: readonly Horizon[];
  /** Absent: the method of the process. */
  readonly method?: string;
  /** Candidate season in seconds (86400 for a daily one); absent: found in the data. */
  readonly seasonSeconds?: number;
  /**
   * IANA name of the zone whose clock a daily or weekly season follows (`Europe/Berlin`); absent:
   * UTC.
   */
  readonly timeZone?: string;
}
