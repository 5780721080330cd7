import { inHumanUnits, inWords, quantityOf, whenInWords } from "../../insight/human-units.ts";
import { fillIn } from "../../insight/template.ts";
import type { Alert } from "./alert.ts";

type Field = (alert: Alert) => string;

const inUnits =
  (pick: (alert: Alert) => number | undefined): Field =>
  (alert) => {
    const value = pick(alert);
    return value === undefined ? "unknown" : inHumanUnits(value, quantityOf(alert.metricName, alert.unit), 3);
  };

/** The fields that a template may name. */
const FIELDS: Readonly<Record<string, Field>> = {
  alert: (alert) => alert.name,
  state: (alert) => alert.state,
  severity: (alert) => alert.severity,
  agent: (alert) => alert.agentName ?? "the system",
  metric: (alert) => alert.metricName,
  series: (alert) => `${alert.metricName}{${labelsOf(alert)}}`,
  current: inUnits((alert) => alert.current),
  predicted: inUnits((alert) => alert.predictedValue),
  lower: inUnits((alert) => alert.lower),
  upper: inUnits((alert) => alert.upper),
  threshold: inUnits((alert) => alert.threshold.value),
  direction: (alert) => alert.threshold.direction,
  horizon: (alert) => inWords(alert.horizonSeconds),
  when: (alert) => {
    const seconds = alert.timeToThresholdSeconds;
    if (seconds === undefined) return `not within ${inWords(alert.horizonSeconds)}`;
    return seconds === 0 ? "now" : whenInWords(seconds, alert.at);
  },
};

export const TEMPLATE_FIELDS: readonly string[] = Object.keys(FIELDS);

export const DEFAULT_SUMMARY = "{{metric}} of {{agent}} is heading {{direction}} {{threshold}}";
export const DEFAULT_DESCRIPTION =
  "{{metric}} of {{agent}} is {{current}} and forecast to be {{predicted}} ({{lower}} to {{upper}}) within {{horizon}}; {{direction}} its limit of {{threshold}} {{when}}.";
export const LEVEL_SUMMARY = "{{metric}} of {{agent}} is {{direction}} {{threshold}}";
export const LEVEL_DESCRIPTION =
  "{{metric}} of {{agent}} is {{current}}, {{direction}} its limit of {{threshold}}.";

/** The text of a template for an alert. */
export function textFor(template: string, alert: Alert): string {
  const values = Object.entries(FIELDS).map(([name, field]) => [name, field(alert)]);
  return fillIn(template, Object.fromEntries(values));
}

function labelsOf({ labels }: Alert): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .sort()
    .join();
}
