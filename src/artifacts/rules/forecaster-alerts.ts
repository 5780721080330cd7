import { FORECASTER } from "../metric-names.ts";
import { ALERT_PREFIX, type RuleContext } from "./rule-context.ts";
import type { AlertingRule } from "./rule-file.ts";

/** Near 1 a forecast is no worse than to assume no change, and nothing is lost by it. */
const CLEARLY_WORSE = 1.25;

/** Alerts on the forecaster itself: while it does not work, no alert on a forecast can be relied on. */
export function forecasterAlerts(context: RuleContext): AlertingRule[] {
  return [notRunning(context), worseThanNaive(context), droppingSeries(context)];
}

/** A process that was taken down in good order is no longer a target, so it has no `up` and raises no alert. */
function notRunning({ window, runbook }: RuleContext): AlertingRule {
  return {
    alert: `${ALERT_PREFIX}NotRunning`,
    expr: [
      `increase(${FORECASTER.runs}[${window}]) == 0`,
      `or (up == 0 and on (job, instance) last_over_time(${FORECASTER.series}[1h]))`,
    ].join("\n"),
    for: "2m",
    keep_firing_for: "2m",
    labels: { severity: "critical" },
    annotations: {
      summary: "A forecaster has stopped",
      description:
        "{{ $labels.instance }} of {{ $labels.job }} has made no forecasts lately, or cannot be scraped any more: " +
        "alerts on its forecasts cannot fire.",
      runbook_url: runbook("forecaster-not-running"),
    },
  };
}

/** The median over all series of a metric: single series that cannot be forecast are nothing unusual. */
function worseThanNaive({ runbook }: RuleContext): AlertingRule {
  return {
    alert: `${ALERT_PREFIX}WorseThanNaive`,
    expr: `quantile by (job, metric, horizon) (0.5, ${FORECASTER.errorRatio}) > ${CLEARLY_WORSE}`,
    for: "30m",
    keep_firing_for: "15m",
    labels: { severity: "warning" },
    annotations: {
      summary: "Forecasts of a metric are worse than to assume no change",
      description:
        "Forecasts of {{ $labels.metric }} {{ $labels.horizon }} ahead by {{ $labels.job }} have been " +
        '{{ $value | printf "%.2f" }} times as far off as the assumption that nothing changes.',
      runbook_url: runbook("forecaster-worse-than-naive"),
    },
  };
}

function droppingSeries({ runbook }: RuleContext): AlertingRule {
  return {
    alert: `${ALERT_PREFIX}DroppingSeries`,
    expr: `sum by (job, instance, reason) (increase(${FORECASTER.seriesDropped}[15m])) > 0`,
    for: "5m",
    keep_firing_for: "15m",
    labels: { severity: "warning" },
    annotations: {
      summary: "A forecaster does not keep all series that it is given",
      description:
        "{{ $labels.instance }} of {{ $labels.job }} has dropped {{ $value | humanize }} samples in the last 15 minutes, " +
        "reason {{ $labels.reason }}: their series are not forecast.",
      runbook_url: runbook("forecaster-dropping-series"),
    },
  };
}
