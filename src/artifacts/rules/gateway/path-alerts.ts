import type { Horizon } from "../../../core/horizon.ts";
import { equal, matchersOf, selector } from "../../promql.ts";
import { type LimitedMetric, limitedMetrics } from "../limits.ts";
import { alertNameOf, type RuleContext } from "../rule-context.ts";
import type { AlertingRule } from "../rule-file.ts";
import { ruleTimingFor } from "../rule-timing.ts";
import { headingOf, shownLimit, shownValue, subjectOf } from "../wording.ts";

/**
 * Prometheus takes a path that it cannot read for missing, without an error. So these alerts keep firing
 * while a gateway restarts.
 */
const KEEP_FIRING_FOR = "15m";

/**
 * Alerts on paths of forecasts that go past a limit at any time up to the longest horizon. The paths are
 * read remotely, at their own times. Unlike the alerts on horizons they see a peak between two horizons.
 */
export function pathAlerts(context: RuleContext): AlertingRule[] {
  return limitedMetrics(context.catalogue).flatMap((metric) => {
    const [longest] = metric.horizons.toSorted((one, other) => other.seconds - one.seconds);
    return longest === undefined ? [] : [pathAlert(metric, longest, context)];
  });
}

function pathAlert(
  limited: LimitedMetric,
  horizon: Horizon,
  { options, runbook }: RuleContext,
): AlertingRule {
  const { metric, threshold } = limited;
  const isAbove = threshold.direction === "above";
  const limit = shownLimit(limited, threshold.value);
  return {
    alert: `${alertNameOf(limited, options.namespace)}Path${isAbove ? "High" : "Low"}`,
    expr: expressionOf(limited, horizon),
    for: ruleTimingFor(horizon, options).for,
    keep_firing_for: KEEP_FIRING_FOR,
    labels: { severity: "warning", horizon: horizon.label, metric, limit },
    annotations: {
      summary: `${headingOf(metric)} is forecast to go ${threshold.direction} its limit at some time`,
      description:
        `${subjectOf(limited)} is forecast to go ${threshold.direction} its limit of ${limit} at some time ` +
        `in the next ${horizon.label}: to ${isAbove ? "at least" : "at most"} ${shownValue(limited, "$value")}.`,
      runbook_url: runbook("path-past-limit"),
    },
  };
}

/** The nearer bound of the interval is past the limit, so that nearly every outcome is. */
function expressionOf({ metric, where, except, threshold }: LimitedMetric, { label }: Horizon): string {
  const isAbove = threshold.direction === "above";
  const [furthest, bound, past] = isAbove ? ["max", "lower", ">"] : ["min", "upper", "<"];
  const over = (filters: readonly string[]): string => {
    const path = selector(metric, [equal("forecast", bound as string), ...filters]);
    return `${furthest} without (forecast, level) (${furthest}_over_time(${path}[${label}] offset -${label}))`;
  };
  return [
    `${over(matchersOf(where))} ${past} ${threshold.value}`,
    ...except.map((filter) => `unless ${over(matchersOf(filter))}`),
  ].join("\n");
}
