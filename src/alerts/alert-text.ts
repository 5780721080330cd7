import { inHumanUnits, inWords, quantityOf, whenInWords } from "../advice/human-units.ts";
import { adviceAgainst } from "../advice/metric-advice.ts";
import { isPast } from "../advice/time-to-threshold.ts";
import type { Alert } from "./alert.ts";
import { fillIn } from "./template.ts";

type Field = (alert: Alert) => string;

const inUnits =
  (pick: (alert: Alert) => number | undefined): Field =>
  (alert) => {
    const value = pick(alert);
    return value === undefined ? "unknown" : inHumanUnits(value, quantityOf(alert.metricName, alert.unit));
  };

/** The fields that a template may use. */
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
    const { timeToThresholdSeconds: seconds, predictedValue, threshold } = alert;
    if (seconds !== undefined) return seconds === 0 ? "now" : whenInWords(seconds, alert.at);
    if (predictedValue === undefined) return "at an unknown time";
    // A level that is forecast past its threshold crosses it before then, and the time is known.
    // Only a total can cross it after midnight, where its time is not computed.
    return isPast(predictedValue, threshold)
      ? "after midnight"
      : `not within ${inWords(alert.horizonSeconds)}`;
  },
  advice: (alert) => adviceAgainst(alert.metricName, alert.threshold.direction),
};

/** The names of the fields that a template may use, for checks and messages. */
export const TEMPLATE_FIELDS: readonly string[] = Object.keys(FIELDS);

/** The templates of the texts of an alert. */
export interface AlertTexts {
  readonly summary: string;
  readonly description: string;
}

const WHAT = "{{metric}} of {{agent}}";
const LIMIT = "its limit of {{threshold}}";

const RAISED: Readonly<Record<"forecast" | "level", AlertTexts>> = {
  forecast: {
    summary: `${WHAT} is heading {{direction}} {{threshold}}`,
    description: `${WHAT} is {{current}} and forecast to be {{predicted}} ({{lower}} to {{upper}}) within {{horizon}}; {{direction}} ${LIMIT} {{when}}: {{advice}}.`,
  },
  level: {
    summary: `${WHAT} is {{direction}} {{threshold}}`,
    description: `${WHAT} is {{current}}, {{direction}} ${LIMIT}: {{advice}}.`,
  },
};

const OVER: Readonly<Record<"forecast" | "level", AlertTexts>> = {
  forecast: {
    summary: `${WHAT} was heading {{direction}} {{threshold}}`,
    description: `Over: ${WHAT} is {{current}}, and was heading {{direction}} ${LIMIT}.`,
  },
  level: {
    summary: `${WHAT} was {{direction}} {{threshold}}`,
    description: `Over: ${WHAT} is {{current}}, and was {{direction}} ${LIMIT}.`,
  },
};

const SILENCED: Readonly<Record<NonNullable<Alert["reason"]>, string>> = {
  series_gone: "is no longer measured",
  maintenance: "is in maintenance",
};

/** The templates of an alert whose rule has none. */
export function defaultTexts({ state, reason, on }: Alert): AlertTexts {
  if (reason !== undefined) {
    const summary = `${WHAT} ${SILENCED[reason]}`;
    return { summary, description: `${summary}, and was last {{current}}; its limit is {{threshold}}.` };
  }
  if (state === "inactive")
    return {
      summary: `${WHAT} has a limit of {{threshold}}`,
      description: `${WHAT} is {{current}}; its limit is {{threshold}}.`,
    };
  return (state === "resolved" ? OVER : RAISED)[on === "level" ? "level" : "forecast"];
}

/** Fills a template with the fields of an alert. */
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
