import type { ResolvedOptions } from "../../config/options.ts";
import type { Catalogue, ForecastMetric } from "../catalogue/forecast-metric.ts";
import { type AgentMetricNames, agentMetricNames } from "../metric-names.ts";
import { promDuration } from "../promql.ts";
import { camelCase } from "./wording.ts";

/** The input of the rules. */
export interface RuleContext {
  readonly options: ResolvedOptions;
  readonly catalogue: Catalogue;
  readonly names: AgentMetricNames;
  /** The range of rates and shares, about the window of the process: for PromQL, and in seconds. */
  readonly window: string;
  readonly windowSeconds: number;
  /** Whether it is a gateway, which says by `forecast_ready` that the source of a series is gone. */
  readonly isGateway: boolean;
  /** The address of a page of the runbooks. */
  runbook(page: string): string;
}

/** The prefix of all alert names, so that one route of Alertmanager matches them. */
export const ALERT_PREFIX = "OtelForecast";

/** The beginning of the names of the alerts on a metric, such as `OtelForecastAgentMemoryUsage`. */
export function alertNameOf(
  { metric, unit }: Pick<ForecastMetric, "metric" | "unit">,
  namespace: string,
): string {
  const name = metric.replace(/_(percent|seconds)$/, (suffix) => (unit === "" ? suffix : ""));
  const ofWhat = name.startsWith(`${namespace}_`) ? `agent_${name.slice(namespace.length + 1)}` : name;
  return `${ALERT_PREFIX}${camelCase(ofWhat)}`;
}

/**
 * Prometheus sees changes only in ranges with at least two scrapes, and scrapes every minute are
 * common.
 */
const MIN_WINDOW_COLLECTIONS = 4;

/** Collects the input of the rules of a process, or of a gateway, with these options. */
export function ruleContext(
  options: ResolvedOptions,
  catalogue: Catalogue,
  { runbooksUrl, isGateway }: { readonly runbooksUrl: string; readonly isGateway: boolean },
): RuleContext {
  const windowMillis = Math.max(
    options.windowMillis,
    MIN_WINDOW_COLLECTIONS * options.collectionIntervalMillis,
  );
  return {
    options,
    catalogue,
    names: agentMetricNames(options.namespace),
    window: promDuration(windowMillis),
    windowSeconds: windowMillis / 1000,
    isGateway,
    runbook: (page) => `${withoutEndingSlashes(runbooksUrl)}/${page}.md`,
  };
}

/** O(characters), which a regular expression for the end of a text is not. */
function withoutEndingSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}
