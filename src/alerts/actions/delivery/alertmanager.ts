import { withoutReserved } from "../../../otel/reserved-labels.ts";
import { labelPairs } from "../../../prometheus/label-texts.ts";
import type { Alert } from "../../alert.ts";
import type { ActionCall } from "../../entries.ts";
import { postJson } from "./post-json.ts";

/** How often an alert that fires is sent again. */
export const REPEAT_MILLIS = 60_000;
/** An alert that is not sent again for this long is resolved, like the alerts of Prometheus. */
const VALID_MILLIS = 4 * REPEAT_MILLIS;

/** Sends an alert to an Alertmanager, by version 2 of its API. */
export async function postToAlertmanager(
  url: URL,
  alert: Alert,
  call: ActionCall,
  now: number,
): Promise<void> {
  const alertsUrl = new URL(url);
  alertsUrl.pathname = `${url.pathname.replace(/\/$/, "")}/api/v2/alerts`;
  const body = JSON.stringify(postableAlerts(alert));
  const { idempotencyKey, signal } = call;
  await postJson(alertsUrl, body, { "Idempotency-Key": idempotencyKey }, { signal, now });
}

/**
 * The `postableAlert`s of the API. Labels identify an alert, so none of them changes while it
 * fires. A forecast alert whose level then passes the threshold becomes a second one with
 * `passed="true"`: an Alertmanager notifies of new labels, but not of new texts.
 *
 * Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
export function postableAlerts(alert: Alert): object[] {
  const firedAt = alert.firedAt ?? alert.since;
  if (alert.cause === "level") return [postableAlert(alert, firedAt, PASSED)];
  const first = postableAlert(alert, firedAt, {});
  return alert.passedAt === undefined ? [first] : [first, postableAlert(alert, alert.passedAt, PASSED)];
}

const PASSED = { passed: "true" };
/** The labels that we add. A label of the series with such a name would be lost, and with it its identity. */
const RESERVED = ["alertname", "metric", "severity", "passed"];

function postableAlert(alert: Alert, startsAt: number, more: Readonly<Record<string, string>>): object {
  const labels = withoutReserved(Object.fromEntries(labelPairs(alert.labels)), RESERVED);
  const endsAt = alert.state === "firing" ? alert.at + VALID_MILLIS : alert.since;
  return {
    labels: {
      ...labels,
      alertname: alert.name,
      metric: alert.metricName,
      severity: alert.severity,
      ...more,
    },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      ...(alert.runbookUrl === undefined ? {} : { runbook_url: alert.runbookUrl }),
    },
    // After the clock was set back, an alert may have begun in the future, which is refused.
    startsAt: new Date(Math.min(startsAt, endsAt)).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
  };
}
