import type { ActionRule, AlertingEntries } from "../../alerts/entries.ts";
import type { ResolvedAction, ResolvedAlert, ResolvedAlerting } from "../../alerts/rules.ts";
import type { SecretStore } from "../../alerts/secret.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { ForecastView } from "../../views/forecast-view.ts";
import { type Finding, Findings } from "./finding.ts";
import type { KnownMetric } from "./known-metrics.ts";
import { resolveAction } from "./resolve-action.ts";
import { resolveAlert } from "./resolve-alert.ts";
import { resolveMaintenance } from "./resolve-maintenance.ts";

const DEFAULT_ACTIONS_PER_HOUR = 20;

/** Where entries come from, with what is wrong in them and where, in words. */
export interface AlertingSource {
  readonly entries: AlertingEntries;
  tell(finding: Finding): void;
}

/** What alerts and actions are checked against. */
export interface AlertingContext extends SecretStore {
  readonly namespace: string;
  /** Views besides the default ones. */
  readonly views: readonly ForecastView[];
  readonly horizons: readonly Horizon[];
  readonly collectionIntervalMillis: number;
  /** Functions that the application registers; absent: that is not known yet. */
  readonly functions?: readonly string[];
}

/**
 * Puts together what several sources say of alerts, actions and maintenance; of two actions of one name the first
 * source's counts. An alert may name an action of any source. What is wrong is told to its source and left out.
 */
export function resolveAlerting(
  sources: readonly AlertingSource[],
  context: AlertingContext,
  metrics: () => readonly KnownMetric[],
): ResolvedAlerting {
  const actions = new Map<string, ResolvedAction | undefined>();
  for (const { entries, tell } of sources) {
    const findings = new Findings();
    for (const [name, rule] of Object.entries(entries.actions ?? {})) {
      if (!actions.has(name)) actions.set(name, resolveAction(name, rule, context, findings));
      checkRegistered(name, rule, context, findings);
    }
    findings.found.forEach(tell);
  }
  const known = () => ({
    metrics: metrics(),
    horizons: context.horizons,
    actions,
    collectionIntervalMillis: context.collectionIntervalMillis,
  });
  const alerts = new Map<string, ResolvedAlert | undefined>();
  const maintenance = sources.flatMap(({ entries, tell }) => {
    const findings = new Findings();
    for (const [index, rule] of (entries.alerts ?? []).entries()) {
      if (alerts.has(rule.name))
        findings.add(["alerts", index, "name"], `there are two alerts "${rule.name}"`);
      else alerts.set(rule.name, resolveAlert(rule, index, known(), findings));
    }
    const ranges = (entries.maintenance ?? []).map((entry, index) =>
      resolveMaintenance(entry, index, findings),
    );
    findings.found.forEach(tell);
    return ranges;
  });
  return {
    alerts: [...alerts.values()].filter(isThere),
    actions: [...actions.values()].filter(isThere),
    actionsPerHour:
      sources.find(({ entries }) => entries.actionsPerHour !== undefined)?.entries.actionsPerHour ??
      DEFAULT_ACTIONS_PER_HOUR,
    maintenance: maintenance.filter(isThere),
  };
}

function checkRegistered(
  name: string,
  rule: ActionRule,
  { functions }: AlertingContext,
  findings: Findings,
): void {
  if (rule.function === undefined || functions === undefined || functions.includes(rule.function)) return;
  const registered = functions.length === 0 ? "none is" : `registered are ${functions.join(", ")}`;
  findings.add(["actions", name, "function"], `no function "${rule.function}" is registered; ${registered}`);
}

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
