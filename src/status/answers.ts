import type { Alert } from "../alerts/alert.ts";
import type { Labels } from "../core/series-key.ts";
import type { Threshold } from "../core/threshold.ts";

/** The forecast of a series at one horizon. Times are epoch milliseconds. */
export interface HorizonStatus {
  /** As it was set, such as `5m`; `midnight` for a total of the day. */
  readonly horizon: string;
  /** The time that the forecast is for. */
  readonly at: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
}

/** A series with its forecasts, as plain data. Values are in the unit of the metric. */
export interface SeriesStatus {
  /** Identifies the series in paths of the API. */
  readonly id: string;
  readonly metric: string;
  readonly labels: Labels;
  /** In UCUM notation; empty for none. */
  readonly unit: string;
  /**
   * `warming-up`: there are too few points. `silent`: it has forecasts, and had no value in the last
   * collection. `failed`: no model could be fitted.
   */
  readonly state: "ready" | "warming-up" | "silent" | "failed";
  /** How many points are missing; only while it warms up. */
  readonly missingPoints?: number;
  /** The time and the value of the newest sample; absent before the first. */
  readonly at?: number;
  readonly value?: number;
  /** The shortest horizon first. */
  readonly horizons: readonly HorizonStatus[];
  readonly trend?: "increasing" | "decreasing" | "stable";
  readonly slopePerHour?: number;
  readonly threshold?: Threshold;
  /** Until the threshold is passed; 0: it is passed. Absent: that is not forecast. */
  readonly secondsToThreshold?: number;
  /** One sentence for people. It has the name that the agent's own process gave it. */
  readonly recommendation?: string;
  /** The process or thread that forecasts it, such as `worker 2`; absent: the one that was asked. */
  readonly process?: string;
  /** The newest values; only where they are asked for. */
  readonly recent?: PastStatus;
}

/** Values of a series at equal distances, the newest last; `null` for a gap. */
export interface PastStatus {
  readonly stepSeconds: number;
  /** The time of the last value. */
  readonly endsAt: number;
  readonly values: readonly (number | null)[];
}

/** Forecasts at one horizon whose time has come, oldest first: how right were they? */
export interface BeforeStatus {
  readonly horizon: string;
  readonly forecasts: readonly { readonly at: number; readonly predicted: number }[];
}

/** How good the forecasts of a series at one horizon were, and which model makes them. */
export interface QualityStatus {
  readonly horizon: string;
  /** The method, with its members and seasons. */
  readonly method: string;
  /** In a backtest, relative to assuming no change: below 1 is better. */
  readonly errorVersusNaive: number;
  /** The same of live forecasts; absent until enough were scored. */
  readonly errorRatio?: number;
  /** The share of values that fell inside the interval; absent until enough were scored. */
  readonly coverage?: number;
}

/** What a list of forecasts is asked for. */
export interface ListRequest {
  /** A selector of series, as in PromQL. Default: all series. */
  readonly match?: string | undefined;
  /** Only series whose name or labels contain this text, in any case. */
  readonly search?: string | undefined;
  readonly limit: number;
  /** How many of the first series are left out; default 0. */
  readonly offset?: number | undefined;
  /** Default: the most urgent first. */
  readonly sort?: SortOrder | undefined;
  /** How many of the newest values each series has; default 0. */
  readonly recent?: number | undefined;
}

/** In which order series are listed. */
export type SortOrder = "urgency" | "name";

/** Series with their forecasts, the most urgent first. */
export interface ForecastList {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How many series there are, and how many of them the request selects. */
  readonly series: number;
  readonly selected: number;
  readonly forecasts: readonly SeriesStatus[];
  /** Absent: the series are those of one process. */
  readonly processes?: {
    /** How many other processes and threads were asked too. */
    readonly others: number;
    /** How many of them did not answer: their series are missing. */
    readonly silent: number;
  };
}

/** An alert, and the process that has it; absent: the one that was asked. */
export type AlertStatus = Alert & { readonly process?: string };

/** The tasks of an agent since the start. */
export interface AgentTasks {
  readonly completed: number;
  readonly failed: number;
  readonly active: number;
}

/** One series with its past, the path of its forecast, and why it is forecast as it is. */
export interface SeriesDetail extends SeriesStatus {
  readonly past: PastStatus;
  readonly path: readonly {
    readonly at: number;
    readonly predicted: number;
    readonly lower: number;
    readonly upper: number;
  }[];
  readonly quality: readonly QualityStatus[];
  /** Forecasts whose time has come. */
  readonly before: readonly BeforeStatus[];
}
