import { FORECASTER } from "../metric-names.ts";
import { ALERT_PREFIX, type RuleContext } from "./rule-context.ts";
import type { AlertingRule } from "./rule-file.ts";

/** The error ratio of clearly bad forecasts. Near 1 they are as good as the naive forecast. */
const CLEARLY_WORSE = 1.25;

/**
 * Alerts on the forecaster itself: while it does not work, alerts on forecasts are not reliable.
 */
export function forecasterAlerts(context: RuleContext): AlertingRule[] {
  return [notRunning(context), worseThanNaive(context), droppingSeries(context)];
}

/**
 * A process that was removed in good order is no longer a target: it has no `up`, and no alert
 * fires.
 */
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
        "{{ $labels.instance }} of {{ $labels.job }} makes no forecasts, or Prometheus cannot scrape it any more. " +
        "Alerts on its forecasts cannot fire.",
      runbook_url: runbook("forecaster-not-running"),
    },
  };
}

/** The median over all series of a metric: single series that are hard to forecast are normal. */
export function worseThanNaive({ runbook }: RuleContext): AlertingRule {
  return {
    alert: `${ALERT_PREFIX}WorseThanNaive`,
    expr: `quantile by (job, metric, horizon) (0.5, ${FORECASTER.errorRatio}) > ${CLEARLY_WORSE}`,
    for: "30m",
    keep_firing_for: "15m",
    labels: { severity: "warning" },
    annotations: {
      summary: "Forecasts of a metric are worse than the naive forecast",
      description:
        "Forecasts of {{ $labels.metric }} {{ $labels.horizon }} ahead by {{ $labels.job }} have " +
        '{{ $value | printf "%.2f" }} times the error of the naive forecast (no change).',
      runbook_url: runbook("forecaster-worse-than-naive"),
    },
  };
}

export function droppingSeries({ runbook }: RuleContext): AlertingRule {
  return {
    alert: `${ALERT_PREFIX}DroppingSeries`,
    expr: `sum by (job, instance, reason) (increase(${FORECASTER.seriesDropped}[15m])) > 0`,
    for: "5m",
    keep_firing_for: "15m",
    labels: { severity: "warning" },
    annotations: {
      summary: "A forecaster drops series",
      description:
        "{{ $labels.instance }} of {{ $labels.job }} has dropped {{ $value | humanize }} samples in the last 15 minutes, " +
        "reason {{ $labels.reason }}. Their series are not forecast.",
      runbook_url: runbook("forecaster-dropping-series"),
    },
  };
}
