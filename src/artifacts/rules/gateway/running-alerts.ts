import { type DescribedGateway, oldForecastSeconds } from "../../described-gateway.ts";
import { FORECASTER, GATEWAY } from "../../metric-names.ts";
import { equal, promDuration, selector } from "../../promql.ts";
import { ALERT_PREFIX, type RuleContext } from "../rule-context.ts";
import type { AlertingRule } from "../rule-file.ts";

/** Alerts on a gateway that does not run, does not forecast, or runs by an old file. */
export function runningAlerts(context: RuleContext, gateway: DescribedGateway): AlertingRule[] {
  return [
    down(context, gateway),
    stalled(context, gateway),
    reloadFailed(context),
    ...backfillUnfinished(context, gateway),
  ];
}

/**
 * A target that was removed has no `up`: so the job must be there, with all members. This alert is also
 * the only sign that paths of forecasts are missing, because Prometheus takes what it cannot read
 * remotely for missing.
 */
function down({ runbook }: RuleContext, { job, settings }: DescribedGateway): AlertingRule {
  const { count } = settings.members;
  const up = selector("up", [equal("job", job)]);
  return {
    alert: `${ALERT_PREFIX}GatewayDown`,
    expr: [
      `${up} == 0`,
      `or absent(${up})`,
      ...(count > 1 ? [`or count by (job) (${up}) < ${count}`] : []),
    ].join("\n"),
    for: "2m",
    keep_firing_for: "2m",
    labels: { severity: "critical" },
    annotations: {
      summary: "A gateway is down",
      description:
        "{{ with $labels.instance }}{{ . }}{{ else }}A member{{ end }} of {{ $labels.job }} cannot be scraped" +
        `${count > 1 ? `, or there are fewer than ${count} targets` : ", or is no target"}. ` +
        "Alerts on its forecasts cannot fire.",
      runbook_url: runbook("gateway-down"),
    },
  };
}

/**
 * The age is measured in a collection. If collections hang it stands still, and the count of runs
 * shows it.
 */
function stalled({ runbook, window }: RuleContext, gateway: DescribedGateway): AlertingRule {
  const limit = oldForecastSeconds(gateway);
  return {
    alert: `${ALERT_PREFIX}GatewayStalled`,
    expr: [
      `${GATEWAY.oldestForecastAge} > ${limit}`,
      `or (increase(${FORECASTER.runs}[${window}]) == 0 and on (job, instance) ${GATEWAY.streams})`,
    ].join("\n"),
    for: "2m",
    keep_firing_for: "5m",
    labels: { severity: "critical" },
    annotations: {
      summary: "A gateway does not forecast",
      description:
        `{{ $labels.instance }} of {{ $labels.job }} has forecasts that are older than ${promDuration(limit * 1000)}, ` +
        "or has made none at all for some minutes. Alerts on its forecasts are not reliable.",
      runbook_url: runbook("gateway-stalled"),
    },
  };
}

function reloadFailed({ runbook }: RuleContext): AlertingRule {
  return {
    alert: `${ALERT_PREFIX}GatewayReloadFailed`,
    expr: `${GATEWAY.lastReloadSuccessful} == 0`,
    for: "5m",
    labels: { severity: "warning" },
    annotations: {
      summary: "The configuration file of a gateway cannot be used",
      description:
        "{{ $labels.instance }} of {{ $labels.job }} could not use its configuration file when it read it last. " +
        "The content before is in use.",
      runbook_url: runbook("gateway-reload-failed"),
    },
  };
}

/** Series that wait get their past, or are given up, within the time limit. */
function backfillUnfinished({ runbook }: RuleContext, { settings }: DescribedGateway): AlertingRule[] {
  const limits = settings.sources.flatMap(({ backfill }) => backfill?.timeLimitMillis ?? []);
  if (limits.length === 0) return [];
  return [
    {
      alert: `${ALERT_PREFIX}GatewayBackfillUnfinished`,
      expr: `${GATEWAY.backfillPending} > 0`,
      for: promDuration(2 * Math.max(...limits)),
      labels: { severity: "warning" },
      annotations: {
        summary: "A gateway still asks for the past of its series",
        description:
          "{{ $labels.instance }} of {{ $labels.job }} still waits for the past of {{ $value | humanize }} series. " +
          "They are not forecast until then.",
        runbook_url: runbook("gateway-backfill-unfinished"),
      },
    },
  ];
}
