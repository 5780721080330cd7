import { isPast } from "../advice/time-to-threshold.ts";
import type { Alert } from "./alert.ts";

/** The templates of the texts of an alert. */
export interface AlertTexts {
  readonly summary: string;
  readonly description: string;
}

const LIMIT = "its limit of {{threshold}}";
const IS = "{{subject}} is {{current}}";
const WAS_PAST = `was {{direction}} ${LIMIT} for {{passedFor}}`;
const FORECAST = "forecast to be {{predicted}} ({{lower}} to {{upper}}) within {{horizon}}";

const SILENCED: Readonly<Record<NonNullable<Alert["reason"]>, string>> = {
  series_gone: "is no longer measured",
  maintenance: "is in maintenance",
};

/** The templates of an alert whose rule has none. */
export function defaultTexts(alert: Alert): AlertTexts {
  if (alert.reason !== undefined) return silencedTexts(alert, alert.reason);
  switch (alert.state) {
    case "inactive":
      return {
        summary: "{{subject}} has a limit of {{threshold}}",
        description: `${IS}; its limit is {{threshold}}.`,
      };
    case "resolved":
      return endedTexts(alert);
    default:
      return isPast(alert.current, alert.threshold) ? passedTexts(alert) : raisedTexts(alert);
  }
}

function silencedTexts({ passedAt }: Alert, reason: NonNullable<Alert["reason"]>): AlertTexts {
  const summary = `{{subject}} ${SILENCED[reason]}`;
  const limit = passedAt === undefined ? "its limit is {{threshold}}" : `it ${WAS_PAST}`;
  return { summary, description: `${summary}, and was last {{current}}; ${limit}.` };
}

/** The texts while the level is beyond the threshold. */
function passedTexts(alert: Alert): AlertTexts {
  const isEscalation = alert.cause !== undefined && alert.cause !== "level";
  const ahead = alert.on !== "level" && hasForecast(alert) ? `, and ${FORECAST}` : "";
  return {
    summary: "{{subject}} is {{direction}} {{threshold}}",
    description: `${isEscalation ? "Passed: " : ""}${IS}, {{direction}} ${LIMIT}${ahead}: {{advice}}.`,
  };
}

/** The texts of an alert that is pending or fires while the level is not beyond the threshold. */
function raisedTexts(alert: Alert): AlertTexts {
  const ahead = alert.on !== "level" && hasForecast(alert) ? ` and ${FORECAST}` : "";
  if (alert.passedAt !== undefined)
    return {
      summary: "{{subject}} was {{direction}} {{threshold}}",
      description: `${IS}${ahead}; it ${WAS_PAST}, and the alert ends at ${safe(alert)}: {{advice}}.`,
    };
  if (alert.predictedValue !== undefined && isPast(alert.predictedValue, alert.threshold))
    return {
      summary: "{{subject}} is heading {{direction}} {{threshold}}",
      description: `${IS}${ahead}; {{direction}} ${LIMIT} {{when}}: {{advice}}.`,
    };
  if (alert.growthToThresholdSeconds !== undefined)
    return {
      summary: "{{subject}} is heading {{direction}} {{threshold}}",
      description: `${IS} and ${moves(alert)} steadily; at this pace it is {{direction}} ${LIMIT} {{whenGrowing}}: {{advice}}.`,
    };
  if (isPast(alert.current, { ...alert.threshold, value: alert.recovery }))
    return {
      summary: "{{subject}} is near {{threshold}}",
      description: `${IS}${ahead}, near ${LIMIT}; the alert ends at ${safe(alert)}: {{advice}}.`,
    };
  if (alert.cause === "near" && !hasForecast(alert))
    return {
      summary: "{{subject}} is near {{threshold}}",
      description: `${IS}, near ${LIMIT}; it has no forecast now: {{advice}}.`,
    };
  return {
    summary: "{{subject}} was heading {{direction}} {{threshold}}",
    description: `${IS}${ahead}; it was heading {{direction}} ${LIMIT}: {{advice}}.`,
  };
}

function endedTexts(alert: Alert): AlertTexts {
  const back = alert.threshold.direction === "above" ? "below" : "above";
  if (alert.passedAt !== undefined) {
    const ahead = alert.on !== "level" && hasForecast(alert) ? `; it is ${FORECAST}` : "";
    return {
      summary: `{{subject}} is back ${back} {{threshold}}`,
      description: `Back ${back} its limit: ${IS}, and ${WAS_PAST}${ahead}.`,
    };
  }
  const ahead = hasForecast(alert) ? `it is ${FORECAST}` : "it has no forecast now";
  return {
    summary: "{{subject}} did not go {{direction}} {{threshold}}",
    description: `The limit was not reached: ${IS}, and was heading {{direction}} ${LIMIT}; ${ahead}.`,
  };
}

function moves({ threshold }: Alert): string {
  return threshold.direction === "above" ? "rises" : "falls";
}

function hasForecast({ predictedValue }: Alert): boolean {
  return predictedValue !== undefined;
}

/** The values at which the alert ends. */
function safe({ threshold }: Alert): string {
  return `{{recovery}} or ${threshold.direction === "above" ? "less" : "more"}`;
}
