import type { ActionRule, AlertingEntries } from "../../alerts/entries.ts";
import type { ResolvedAction, ResolvedAlert, ResolvedAlerting } from "../../alerts/resolved.ts";
import type { SecretStore } from "../../alerts/secret.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { ForecastView } from "../../views/forecast-view.ts";
import { checkMaintenanceNames } from "../check-maintenance.ts";
import { checkLabels } from "./check-labels.ts";
import { type Finding, Findings } from "./findings.ts";
import type { KnownMetric } from "./known-metrics.ts";
import { resolveAction } from "./resolve-action.ts";
import { resolveAlert } from "./resolve-alert.ts";
import { resolveMaintenance } from "./resolve-maintenance.ts";

const DEFAULT_ACTIONS_PER_HOUR = 20;

/** Entries of one origin, the options or the file. `report` receives their mistakes. */
export interface AlertingSource {
  readonly entries: AlertingEntries;
  report(finding: Finding): void;
}

/** The settings that alerts and actions are checked against. */
export interface AlertingContext extends SecretStore {
  readonly namespace: string;
  /** Views besides the default ones. */
  readonly views: readonly ForecastView[];
  readonly horizons: readonly Horizon[];
  readonly collectionIntervalMillis: number;
  readonly forecastIntervalMillis: number;
  /** Functions that the application registers; absent: not known yet. */
  readonly functions?: readonly string[];
}

/**
 * Merges the alerts, actions and maintenance of several sources. If two sources define an action of
 * the same name, the first source wins. An alert may name an action of any source. Wrong entries
 * are reported to their source and left out.
 */
export function resolveAlerting(
  sources: readonly AlertingSource[],
  context: AlertingContext,
  metrics: () => readonly KnownMetric[],
): ResolvedAlerting {
  const actions = resolveActions(sources, context);
  const alerts = new Map<string, ResolvedAlert | undefined>();
  const maintenance = sources.flatMap(({ entries, report }) => {
    const findings = new Findings();
    for (const [index, entry] of (entries.alerts ?? []).entries()) {
      const { horizons, collectionIntervalMillis, forecastIntervalMillis } = context;
      const intervals = { collectionIntervalMillis, forecastIntervalMillis };
      const known = { metrics: metrics(), horizons, actions, ...intervals };
      const ofAlert = findings.at("alerts", index);
      if (alerts.has(entry.name)) ofAlert.at("name").add(`there are two alerts "${entry.name}"`);
      else {
        const before = findings.all.length;
        checkLabels(entry, [entry.metric], known.metrics, ofAlert);
        const isRight = findings.all.length === before;
        const alert = resolveAlert(entry, known, ofAlert);
        alerts.set(entry.name, isRight ? alert : undefined);
      }
    }
    const names = { namespace: context.namespace, metrics };
    const ranges = (entries.maintenance ?? []).map((entry, index) => {
      const ofRange = findings.at("maintenance", index);
      const before = findings.all.length;
      checkMaintenanceNames(entry, names, ofRange);
      const isRight = findings.all.length === before;
      const range = resolveMaintenance(entry, ofRange);
      return isRight ? range : undefined;
    });
    findings.all.forEach(report);
    return ranges;
  });
  return {
    alerts: [...alerts.values()].filter(isPresent),
    actions: [...actions.values()].filter(isPresent),
    actionsPerHour:
      sources.find(({ entries }) => entries.actionsPerHour !== undefined)?.entries.actionsPerHour ??
      DEFAULT_ACTIONS_PER_HOUR,
    maintenance: maintenance.filter(isPresent),
  };
}

/** The actions by name; `undefined` for an action whose entry is wrong. */
function resolveActions(
  sources: readonly AlertingSource[],
  context: AlertingContext,
): Map<string, ResolvedAction | undefined> {
  const actions = new Map<string, ResolvedAction | undefined>();
  for (const { entries, report } of sources) {
    const findings = new Findings();
    for (const [name, entry] of Object.entries(entries.actions ?? {})) {
      const ofAction = findings.at("actions", name);
      if (!actions.has(name)) actions.set(name, resolveAction(name, entry, context, ofAction));
      checkRegistered(entry, context, ofAction.at("function"));
    }
    findings.all.forEach(report);
  }
  return actions;
}

function checkRegistered(entry: ActionRule, { functions }: AlertingContext, findings: Findings): void {
  if (entry.function === undefined || functions === undefined || functions.includes(entry.function)) return;
  const registered = functions.length === 0 ? "none is" : `registered are ${functions.join(", ")}`;
  findings.add(`no function "${entry.function}" is registered; ${registered}`);
}

function isPresent<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
