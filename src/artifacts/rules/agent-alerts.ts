import type { Threshold } from "../../core/threshold.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";
import { promDuration } from "../promql.ts";
import { fleetNames } from "./fleet-recordings.ts";
import { limitedMetrics } from "./limits.ts";
import { ALERT_PREFIX, type RuleContext } from "./rule-context.ts";
import type { AlertingRule } from "./rule-file.ts";
import { shownLimit } from "./wording.ts";

/** Fewer tasks than this make no rate to speak of. */
const FEWEST_TASKS = 5;
/** Used where no limit is set on the time to recover. */
const SLOW_RECOVERY_SECONDS = 300;
const SHARE: Pick<ForecastMetric, "unit" | "bounds"> = { unit: "", bounds: { lower: 0, upper: 1 } };

/** Alerts on how agents do now, in all their processes together. They need the recording rules of the fleet. */
export function agentAlerts(context: RuleContext): AlertingRule[] {
  return [successRateLow(context), recoverySlow(context), openFailures(context)];
}

function successRateLow(context: RuleContext): AlertingRule {
  const fleet = fleetNames(context);
  const { window, options } = context;
  const limit = limitOf(context, context.names.taskSuccessRate, "below") ?? 0.95;
  const tasks = `${fleet.taskRate} * ${context.windowSeconds} >= ${FEWEST_TASKS}`;
  return {
    alert: `${ALERT_PREFIX}AgentSuccessRateLow`,
    expr: `${fleet.successRatio} < ${limit}\nand ${tasks}`,
    for: window,
    keep_firing_for: promDuration(options.windowMillis),
    labels: { severity: "critical" },
    annotations: {
      summary: "An agent fails more of its tasks than it should",
      description:
        "Agent {{ $labels.agent }} of {{ $labels.job }} ended {{ $value | humanizePercentage }} of its tasks in success " +
        `over the last ${window}; its limit is ${shownLimit(SHARE, limit)}.`,
      runbook_url: context.runbook("agent-success-rate-low"),
    },
  };
}

function recoverySlow(context: RuleContext): AlertingRule {
  const { window, options } = context;
  const limit = limitOf(context, context.names.failureRecoveryTime, "above") ?? SLOW_RECOVERY_SECONDS;
  return {
    alert: `${ALERT_PREFIX}AgentRecoverySlow`,
    expr: `${fleetNames(context).recoveryMean} > ${limit}`,
    for: promDuration(2 * options.collectionIntervalMillis),
    keep_firing_for: promDuration(options.windowMillis),
    labels: { severity: "warning" },
    annotations: {
      summary: "An agent takes long to recover from failures",
      description:
        "Agent {{ $labels.agent }} of {{ $labels.job }} took {{ $value | humanizeDuration }} on average to recover from " +
        `the failures that ended in the last ${window}; its limit is ${limit} s.`,
      runbook_url: context.runbook("agent-recovery-slow"),
    },
  };
}

function openFailures(context: RuleContext): AlertingRule {
  return {
    alert: `${ALERT_PREFIX}AgentFailuresOpen`,
    expr: `${fleetNames(context).openFailures} > 0`,
    for: "15m",
    labels: { severity: "warning" },
    annotations: {
      summary: "An agent has had failures without a recovery for a quarter of an hour",
      description:
        "Agent {{ $labels.agent }} of {{ $labels.job }} has {{ $value | humanize }} failures that nothing has recovered " +
        "from; for 15 minutes there has always been at least one.",
      runbook_url: context.runbook("agent-failures-open"),
    },
  };
}

/** The limit that is set on a metric of all agents, where it looks the way that the alert does. */
function limitOf(
  { catalogue }: RuleContext,
  metric: string,
  direction: Threshold["direction"],
): number | undefined {
  const limited = limitedMetrics(catalogue).find(
    (one) => one.metric === metric && one.where === undefined && one.threshold.direction === direction,
  );
  return limited?.threshold.value;
}
