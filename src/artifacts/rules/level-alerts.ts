import { adviceAgainst } from "../../advice/metric-advice.ts";
import { SYSTEM_METRICS } from "../../metrics/system-metrics.ts";
import { prometheusName } from "../../prometheus/metric-name.ts";
import { matchersOf, selector } from "../promql.ts";
import { MIN_TASKS } from "./agent-alerts.ts";
import { type LimitedMetric, limitedMetrics } from "./limits.ts";
import { alertNameOf, type RuleContext } from "./rule-context.ts";
import type { AlertingRule } from "./rule-file.ts";
import { ruleTimingFor } from "./rule-timing.ts";
import { headingOf, ownerOf, shownLimit, shownValue, subjectOf } from "./wording.ts";

/**
 * Alerts on metrics that are past a limit: one for each limit, beside those on its forecasts. They
 * need no forecast. They wait as long as the alert on the shortest horizon.
 */
export function levelAlerts(context: RuleContext): AlertingRule[] {
  return limitedMetrics(context.catalogue).map((metric) => levelAlert(metric, context));
}

function levelAlert(limited: LimitedMetric, context: RuleContext): AlertingRule {
  const { metric, threshold, horizons } = limited;
  const { value, direction } = threshold;
  const [shortest] = horizons.toSorted((one, other) => one.seconds - other.seconds);
  const { options, runbook } = context;
  return {
    alert: `${alertNameOf(limited, options.namespace)}${direction === "above" ? "Above" : "Below"}Limit`,
    expr: expressionOf(limited, context),
    ...ruleTimingFor(shortest ?? { seconds: 0 }, options),
    labels: { severity: "critical", metric, limit: shownLimit(limited, value) },
    annotations: {
      summary: `${headingOf(metric)}${ownerOf(limited)} is ${direction} its limit`,
      description:
        `${subjectOf(limited)} is ${shownValue(limited, "$value")}, ` +
        `${direction} its limit of ${shownLimit(limited, value)}: ${adviceAgainst(metric, direction)}.`,
      runbook_url: runbook("past-limit"),
    },
  };
}

function expressionOf(limited: LimitedMetric, context: RuleContext): string {
  const { metric, where, except, threshold, origin } = limited;
  const past = threshold.direction === "above" ? ">" : "<";
  return [
    `${origin ?? selector(metric, matchersOf(where))} ${past} ${threshold.value}`,
    ...except.map((filter) => `unless ${selector(metric, matchersOf(filter))}`),
    ...tooFew(metric, context).map((few) => `unless on ${few}`),
  ].join("\n");
}

/** Of a few tasks or requests a share is too uncertain, and one failure would be all of them. */
function tooFew(metric: string, { names, window, windowSeconds }: RuleContext): string[] {
  const { successRate, failureRate, taskSuccessRate } = names;
  if ([successRate, failureRate, taskSuccessRate].includes(metric)) {
    const tasks = `increase(${names.taskDuration}_count[${window}])`;
    return [`(job, instance, agent) sum by (job, instance, agent) (${tasks}) < ${MIN_TASKS}`];
  }
  if (metric !== prometheusName(SYSTEM_METRICS.errorRate)) return [];
  return [`(job, instance) ${prometheusName(SYSTEM_METRICS.requestRate)} * ${windowSeconds} < ${MIN_TASKS}`];
}
