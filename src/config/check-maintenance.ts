import type { MaintenanceEntry } from "../alerts/entries.ts";
import { patternsMeet } from "../views/pattern.ts";
import { checkLabels } from "./alerting/check-labels.ts";
import { type Finding, Findings } from "./alerting/findings.ts";
import { isMistaken, type NameContext, suggestions } from "./check-names.ts";

/**
 * Reports metrics of a maintenance that are never forecast, so that nothing is under maintenance. An
 * application's own metric is not known before it is measured.
 */
export function checkMaintenanceNames(
  { metrics = [], agents }: MaintenanceEntry,
  context: NameContext,
  findings: Findings,
): void {
  for (const [index, name] of metrics.entries()) {
    if (isKnown(name, context)) continue;
    if (isWrong(name, context))
      findings
        .at("metrics", index)
        .add(
          `${name} is not the Prometheus name of a metric that is forecast; did you mean ${suggestions(name, context)}?`,
        );
  }
  if (agents !== undefined) checkLabels({ agents }, metrics, context.metrics(), findings);
}

/** Metrics of maintenance that only the application can have. They may be mistakes. */
export function remarksOnMaintenance(entries: readonly MaintenanceEntry[], context: NameContext): Finding[] {
  const findings = new Findings();
  for (const [index, { metrics = [] }] of entries.entries())
    for (const [place, name] of metrics.entries())
      if (!isKnown(name, context) && !isWrong(name, context))
        findings
          .at("maintenance", index, "metrics", place)
          .add(`no view names ${name}: it has to be a metric of the application`);
  return [...findings.all];
}

/** A maintenance selects metrics by their Prometheus names alone, which have no dots. */
function isWrong(name: string, context: NameContext): boolean {
  return !/^[\w:*?]+$/.test(name) || isMistaken(name, context);
}

/** Whether a pattern selects a known metric. An inverted one selects nearly everything. */
function isKnown(name: string, { metrics }: NameContext): boolean {
  return name.startsWith("!") || metrics().some(({ pattern }) => patternsMeet(pattern, name));
}
