import type { Bounds } from "../../core/bounds.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { Threshold } from "../../core/threshold.ts";
import type { AttributeFilter } from "../../views/pattern.ts";

/** A metric that a process forecasts, or a part of its series that a view of their own treats differently. */
export interface ForecastMetric {
  /** Prometheus name. */
  readonly metric: string;
  readonly unit: string;
  /** Whether its series bear the name of an agent; `undefined` where the views do not say. */
  readonly isOfAgent: boolean | undefined;
  /** Labels of its series beside the agent's; empty where the views do not say. */
  readonly otherLabels: readonly string[];
  /** Only series with these attributes are meant. */
  readonly where: AttributeFilter | undefined;
  /** Series with these attributes are not meant: a view further up has them. */
  readonly except: readonly AttributeFilter[];
  readonly bounds: Bounds;
  /** The limit that somebody has set. */
  readonly threshold: Threshold | undefined;
  readonly horizons: readonly Horizon[];
  /** Whether it is a total of the day, of which is forecast what it comes to by midnight. */
  readonly isDailyTotal: boolean;
}

/** What a process forecasts, as far as it can be known before it runs. */
export interface Catalogue {
  readonly metrics: readonly ForecastMetric[];
  /** What had to be left out, each in a sentence. */
  readonly remarks: readonly string[];
}
