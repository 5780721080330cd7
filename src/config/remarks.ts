import { agentMetrics } from "../metrics/agent-metrics.ts";
import { prometheusName } from "../prometheus/metric-name.ts";
import type { Finding } from "./alerting/findings.ts";
import { remarksOnMaintenance } from "./check-maintenance.ts";
import { type NameContext, remarksOnThresholds } from "./check-names.ts";
import { remarksOnViews } from "./check-view-names.ts";
import type { Configuration } from "./configuration.ts";
import { remarksOnUnused } from "./remarks-on-unused.ts";

/** What may be a mistake in a configuration file, one line each. */
export function remarksOn(configuration: Configuration, names: NameContext): string[] {
  const { views, thresholds, alerting } = configuration;
  return configuration.explain([
    ...remarksOnViews(views, names.namespace),
    ...remarksOnThresholds(thresholds, names),
    ...remarksOnMaintenance(alerting.maintenance ?? [], names),
    ...remarksOnUnused(configuration),
    ...remarksOnPrices(configuration, names.namespace),
  ]);
}

/** Cost is measured only of models with a price. */
function remarksOnPrices(
  { views, thresholds, alerting, prices }: Configuration,
  namespace: string,
): Finding[] {
  if (prices.length > 0) return [];
  const { cost, modelCost, costRate, costToday } = agentMetrics(namespace);
  const metrics = [cost, modelCost, costRate, costToday];
  const names = new Set(metrics.flatMap((metric) => [metric.name, prometheusName(metric)]));
  const message = "cost is measured only if the file has prices, and it has none";
  const paths: Finding["path"][] = [
    ...views.flatMap(({ instruments }, index) =>
      instruments.some((name) => names.has(name)) ? [["views", index, "instrument"]] : [],
    ),
    ...[...thresholds.keys()].filter((name) => names.has(name)).map((name) => ["thresholds", name]),
    ...(alerting.alerts ?? []).flatMap(({ metric }, index) =>
      names.has(metric) ? [["alerts", index, "metric"]] : [],
    ),
  ];
  return paths.map((path) => ({ path, message }));
}
