import { adviceAgainst } from "../../advice/metric-advice.ts";
import { type Horizon, MIDNIGHT } from "../../core/horizon.ts";
import { INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import { FORECASTER, predictionsOf } from "../metric-names.ts";
import { equal, matchersOf, selector } from "../promql.ts";
import { halfway, type LimitedMetric, limitedMetrics } from "./limits.ts";
import { midnightDescription, midnightExpression } from "./midnight-alert.ts";
import { alertNameOf, type RuleContext } from "./rule-context.ts";
import type { AlertingRule } from "./rule-file.ts";
import { ruleTimingFor } from "./rule-timing.ts";
import { headingOf, ownerOf, queried, shownLimit, shownValue, subjectOf, valueNow } from "./wording.ts";

/**
 * Alerts on forecasts that go past a limit: one for each limit and horizon, and for daily totals
 * one for midnight. The shortest horizon is critical, the others are warnings.
 */
export function headingAlerts(context: RuleContext): AlertingRule[] {
  return limitedMetrics(context.catalogue).flatMap((metric) => {
    const shortest = Math.min(...metric.horizons.map(({ seconds }) => seconds));
    const ahead = metric.horizons.map((horizon) =>
      headingAlert(metric, context, {
        horizon,
        severity: horizon.seconds === shortest ? "critical" : "warning",
        expr: expressionOf(metric, horizon, context),
        description: descriptionOf(metric, horizon),
      }),
    );
    if (!metric.isDailyTotal || metric.threshold.direction === "below") return ahead;
    const byMidnight = headingAlert(metric, context, {
      horizon: MIDNIGHT,
      severity: "warning",
      expr: midnightExpression(metric),
      description: midnightDescription(metric),
    });
    return [...ahead, byMidnight];
  });
}

function headingAlert(
  metric: LimitedMetric,
  { options, runbook }: RuleContext,
  alert: { horizon: Horizon; severity: string; expr: string; description: string },
): AlertingRule {
  return {
    alert: `${alertNameOf(metric, options.namespace)}Heading${metric.threshold.direction === "above" ? "High" : "Low"}`,
    expr: alert.expr,
    ...ruleTimingFor(alert.horizon, options),
    labels: {
      severity: alert.severity,
      horizon: alert.horizon.label,
      metric: metric.metric,
      limit: shownLimit(metric, metric.threshold.value),
    },
    annotations: {
      summary: summaryOf(metric),
      description: alert.description,
      runbook_url: runbook("heading-past-limit"),
    },
  };
}

/**
 * Five conditions:
 *
 * - The nearer bound of the interval is past the limit, so that nearly every outcome is.
 * - The metric is on its way to the limit now.
 * - The metric has changed lately. The metric of an agent that is gone has not. Of a gateway it is not
 *   asked: what it pulls rarely does not change for a while.
 * - The metric is forecast.
 * - Past forecasts of it were better than the naive forecast. Until enough were scored, the backtest
 *   of the model was.
 */
function expressionOf(limited: LimitedMetric, horizon: Horizon, { window, isGateway }: RuleContext): string {
  const { metric, where, except, threshold } = limited;
  const past = threshold.direction === "above" ? ">" : "<";
  const { lower, upper } = predictionsOf(metric);
  const bound = threshold.direction === "above" ? lower : upper;
  const ahead = [equal("horizon", horizon.label), equal("level", INTERVAL_LEVEL_LABEL)];
  const ofMetric = equal("metric", metric);
  const readyOf = selector(FORECASTER.ready, [ofMetric]);
  const [error, backtest] = [FORECASTER.errorRatio, FORECASTER.backtestErrorRatio].map((ratio) =>
    selector(ratio, [ofMetric, equal("horizon", horizon.label)]),
  );
  return [
    `${selector(bound, [...ahead, ...matchersOf(where)])} ${past} ${threshold.value}`,
    ...except.map((filter) => `unless ${selector(bound, [...ahead, ...matchersOf(filter)])}`),
    `and ignoring (horizon, level${halfOf(limited) === undefined ? ", metric" : ""}) ${onItsWay(limited, past)}`,
    ...(isGateway ? [] : [`and ignoring (horizon, level) changes(${metric}[${window}]) > 0`]),
    `and ignoring (horizon, level, metric) ${readyOf} == 1`,
    `and ignoring (level, metric) (${error} or ${backtest}) < 1`,
  ].join("\n");
}

/** Half of the way, if the measured metric has the labels of its forecasts and can be compared with it. */
function halfOf(limited: LimitedMetric): number | undefined {
  return limited.origin === undefined ? halfway(limited) : undefined;
}

function onItsWay(limited: LimitedMetric, past: string): string {
  const half = halfOf(limited);
  if (half !== undefined) return `${limited.metric} ${past} ${half}`;
  return `${selector(FORECASTER.slope, [equal("metric", limited.metric)])} ${past} 0`;
}

function summaryOf(limited: LimitedMetric): string {
  const { direction } = limited.threshold;
  return `${headingOf(limited.metric)}${ownerOf(limited)} is forecast to go ${direction} its limit`;
}

function descriptionOf(limited: LimitedMetric, horizon: Horizon): string {
  const { metric, threshold } = limited;
  const shown = (value: string): string => shownValue(limited, value);
  const ahead = equal("horizon", horizon.label);
  const limit = shownLimit(limited, threshold.value);
  const crossing = selector(FORECASTER.timeToThreshold, [equal("metric", metric), "%s"]);
  return [
    subjectOf(limited),
    `is ${valueNow(limited, shown)}forecast to be ${queried(`${predictionsOf(metric).predicted}{${ahead},%s}`, shown)} in ${horizon.label},`,
    `at ${threshold.direction === "above" ? "least" : "most"} ${shown("$value")}.`,
    `It goes ${threshold.direction} ${limit}`,
    `${queried(crossing, (value) => `in about {{ ${value} | humanizeDuration }}`, `within ${horizon.label}`)}:`,
    `${adviceAgainst(metric, threshold.direction)}.`,
  ].join(" ");
}
