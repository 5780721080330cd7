import type { Threshold } from "../core/threshold.ts";
import type { AlertBasis } from "./state/alert-condition.ts";
import type { AlertState } from "./state/alert-state.ts";

/** An alert on one series, as it stands. Plain data; times are in epoch milliseconds, values in the metric's unit. */
export interface Alert {
  /** Name of the rule. */
  readonly name: string;
  readonly state: AlertState;
  /** Since when it is in this state. */
  readonly since: number;
  /** When it began to fire, where it fires or has been resolved. */
  readonly firedAt?: number;
  /** What silenced it, where it was not the condition that ended it. */
  readonly reason?: "series_gone" | "maintenance";
  readonly severity: string;
  readonly metricName: string;
  readonly agentName?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Unit of the metric, in UCUM notation. */
  readonly unit: string;
  readonly on: AlertBasis;
  readonly threshold: Threshold;
  /** The threshold on whose safe side it ends. */
  readonly recovery: number;
  readonly horizonSeconds: number;
  /** When the numbers below were true. */
  readonly at: number;
  readonly current: number;
  /** The forecast at the horizon; absent while there is none. */
  readonly predictedValue?: number;
  readonly lower?: number;
  readonly upper?: number;
  /** Error of past forecasts over that of naive; absent until enough were scored. */
  readonly errorRatio?: number;
  /**
   * Seconds until the series is forecast to cross the threshold, within its longest horizon (a total of the day:
   * before midnight). 0 when it has crossed it; absent when it will not, or when there is no forecast.
   */
  readonly timeToThresholdSeconds?: number;
  readonly summary: string;
  readonly description: string;
  readonly runbookUrl?: string;
}
