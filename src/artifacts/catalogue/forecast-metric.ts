import type { Bounds } from "../../core/bounds.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { Threshold } from "../../core/threshold.ts";
import type { AttributeFilter } from "../../views/pattern.ts";

/** A metric that a process forecasts, or the part of its series that has a view of its own. */
export interface ForecastMetric {
  /** Prometheus name. */
  readonly metric: string;
  readonly unit: string;
  /** Whether its series have the label `agent`; `undefined` if the views do not specify it. */
  readonly isOfAgent: boolean | undefined;
  /** Whether its series are sums over agents. */
  readonly isOverAgents: boolean;
  /** Labels of its series beside `agent`; empty if the views do not specify it. */
  readonly otherLabels: readonly string[];
  /** Only series with these attributes belong to it. */
  readonly where: AttributeFilter | undefined;
  /** Series with these attributes do not belong to it: an earlier view has them. */
  readonly except: readonly AttributeFilter[];
  readonly bounds: Bounds;
  /** The threshold that the user has set. */
  readonly threshold: Threshold | undefined;
  readonly horizons: readonly Horizon[];
  /** Whether it is a daily total, whose value by midnight is forecast. */
  readonly isDailyTotal: boolean;
  /**
   * The PromQL of the measured series, if it is not published beside its forecasts: a gateway leaves
   * levels where they were sent from.
   */
  readonly origin?: string | undefined;
}

/** What a process forecasts, as far as it is known before it runs. */
export interface Catalogue {
  readonly metrics: readonly ForecastMetric[];
  /** What was left out and why, a sentence each. */
  readonly remarks: readonly string[];
}
