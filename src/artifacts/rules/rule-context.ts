import type { ResolvedOptions } from "../../config/options.ts";
import type { Catalogue } from "../catalogue/forecast-metric.ts";
import { type AgentMetricNames, agentMetricNames } from "../metric-names.ts";
import { promDuration } from "../promql.ts";

/** What rules are generated from. */
export interface RuleContext {
  readonly options: ResolvedOptions;
  readonly catalogue: Catalogue;
  readonly names: AgentMetricNames;
  /** How far rates and shares look back, about as far as in the process: for PromQL, and in seconds. */
  readonly window: string;
  readonly windowSeconds: number;
  runbook(page: string): string;
}

/** Alert names begin with this, so that a route of Alertmanager can match them all. */
export const ALERT_PREFIX = "OtelForecast";

/**
 * Prometheus needs at least two scrapes in a range to say that something has changed, and scrapes of a minute are common.
 */
const LEAST_WINDOW_COLLECTIONS = 4;

export function ruleContext(
  options: ResolvedOptions,
  catalogue: Catalogue,
  runbooksUrl: string,
): RuleContext {
  const windowMillis = Math.max(
    options.windowMillis,
    LEAST_WINDOW_COLLECTIONS * options.collectionIntervalMillis,
  );
  return {
    options,
    catalogue,
    names: agentMetricNames(options.namespace),
    window: promDuration(windowMillis),
    windowSeconds: windowMillis / 1000,
    runbook: (page) => `${runbooksUrl.replace(/\/+$/, "")}/${page}.md`,
  };
}
