import type { Threshold } from "../core/threshold.ts";
import type { AlertBasis } from "./state/alert-condition.ts";
import type { AlertCause, AlertState } from "./state/alert-state.ts";

/**
 * The current state of an alert on one series, as plain data. Times are epoch milliseconds, values
 * are in the unit of the metric.
 */
export interface Alert {
  readonly name: string;
  readonly state: AlertState;
  /** When it entered this state. */
  readonly since: number;
  /** When it began to fire; absent unless it fires or is resolved. */
  readonly firedAt?: number;
  /** What made it fire; absent unless it fires or is resolved. */
  readonly cause?: AlertCause;
  /** When the level passed the threshold while the alert fired; absent if it did not. */
  readonly passedAt?: number;
  /** How long the level was beyond the threshold in all; absent like `passedAt`. */
  readonly passedSeconds?: number;
  /** Why it was silenced; absent if the condition itself ended it. */
  readonly reason?: "series_gone" | "maintenance";
  readonly severity: string;
  readonly metricName: string;
  readonly agentName?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Unit of the metric, in UCUM notation. */
  readonly unit: string;
  readonly on: AlertBasis;
  readonly threshold: Threshold;
  /** The limit on whose safe side the alert ends: the level, and the forecast if it uses one. */
  readonly recovery: number;
  readonly horizonSeconds: number;
  /** The time of the numbers below. */
  readonly at: number;
  readonly current: number;
  /** The forecast at the horizon; absent without a forecast. */
  readonly predictedValue?: number;
  /** Lower bound of the forecast. */
  readonly lower?: number;
  /** Upper bound of the forecast. */
  readonly upper?: number;
  /** Error of past forecasts divided by that of "no change"; absent until enough were scored. */
  readonly errorRatio?: number;
  /**
   * Seconds until the series is forecast to cross the threshold, within its longest horizon (a
   * total of the day: before midnight). 0: it has crossed it. Absent: it will not cross it, or
   * there is no forecast.
   */
  readonly timeToThresholdSeconds?: number;
  /**
   * Seconds until the level crosses the threshold if its steady growth continues. Absent without
   * such growth.
   */
  readonly growthToThresholdSeconds?: number;
  readonly summary: string;
  readonly description: string;
  readonly runbookUrl?: string;
}
