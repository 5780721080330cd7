import { type TextsShown, textsOf } from "../advice/forecast-texts.ts";
import { inWords, whenInWords, writerOf } from "../advice/human-units.ts";
import { adviceAgainst } from "../advice/metric-advice.ts";
import { isPast } from "../advice/time-to-threshold.ts";
import type { Alert } from "./alert.ts";
import { fillIn } from "./template.ts";

type Field = (alert: Alert, numbers: TextsShown) => string;

/** The fields that a template may use. */
const FIELDS: Readonly<Record<string, Field>> = {
  alert: (alert) => alert.name,
  state: (alert) => alert.state,
  severity: (alert) => alert.severity,
  agent: ownerOf,
  metric: (alert) => alert.metricName,
  subject: subjectOf,
  series: seriesOf,
  current: (_, numbers) => numbers.current,
  predicted: (_, numbers) => orUnknown(numbers.predicted),
  lower: (_, numbers) => orUnknown(numbers.lower),
  upper: (_, numbers) => orUnknown(numbers.upper),
  threshold: (_, numbers) => numbers.limit,
  recovery: recoveryText,
  direction: (alert) => alert.threshold.direction,
  horizon: (alert) => inWords(alert.horizonSeconds),
  passedFor: ({ passedSeconds }) => (passedSeconds === undefined ? "no time" : inWords(passedSeconds)),
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
  whenGrowing: ({ growthToThresholdSeconds: seconds, at }) =>
    seconds === undefined ? "at an unknown time" : seconds === 0 ? "now" : whenInWords(seconds, at),
  advice: (alert) => adviceAgainst(alert.metricName, alert.threshold.direction),
};

/** The names of the fields that a template may use, for checks and messages. */
export const TEMPLATE_FIELDS: readonly string[] = Object.keys(FIELDS);

/** Fills a template with the fields of an alert. */
export function textFor(template: string, alert: Alert): string {
  const numbers = numbersOf(alert);
  const values = Object.entries(FIELDS).map(([name, field]) => [name, field(alert, numbers)]);
  return fillIn(template, Object.fromEntries(values));
}

/** The numbers, with as many digits as it takes to see on which side of the threshold each is. */
function numbersOf(alert: Alert): TextsShown {
  const { current, predictedValue: predicted, lower, upper, threshold } = alert;
  return textsOf({ current, predicted, lower, upper, limit: threshold.value }, writerOf(alert));
}

function recoveryText(alert: Alert): string {
  const { recovery, threshold } = alert;
  return textsOf({ current: recovery, limit: threshold.value }, writerOf(alert)).current;
}

function orUnknown(text: string): string {
  return text === "" ? "unknown" : text;
}

/** What agents use is summed up over all of them where the series has no agent. */
function ownerOf({ agentName, metricName }: Alert): string {
  return agentName ?? (/(cost|tokens)_today$/.test(metricName) ? "all agents" : "the system");
}

/** The metric and whose it is, in words: `queue_depth of mailer (queue mail, region eu)`. */
function subjectOf(alert: Alert): string {
  const { metricName, agentName, labels } = alert;
  const others = Object.entries(labels)
    .filter(([name, value]) => name !== "agent" && value !== "")
    .map(([name, value]) => `${name} ${value}`)
    .sort();
  const owner = agentName ?? (others.length === 0 ? ownerOf(alert) : undefined);
  const ofOwner = owner === undefined ? "" : ` of ${owner}`;
  return `${metricName}${ofOwner}${others.length === 0 ? "" : ` (${others.join(", ")})`}`;
}

/** The series in the notation of Prometheus, which identifies it. */
function seriesOf({ metricName, labels }: Alert): string {
  const pairs = Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .sort();
  return `${metricName}{${pairs.join()}}`;
}
