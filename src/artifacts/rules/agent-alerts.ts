import type { Threshold } from "../../core/threshold.ts";
import { promDuration } from "../promql.ts";
import { fleetNames } from "./fleet-recordings.ts";
import { limitedMetrics } from "./limits.ts";
import { ALERT_PREFIX, type RuleContext } from "./rule-context.ts";
import type { AlertingRule } from "./rule-file.ts";
import { type Measured, shownLimit } from "./wording.ts";

/** With fewer tasks than this, a success rate is too uncertain. */
export const MIN_TASKS = 5;
/** The limit of the recovery time if the user has set none. */
const SLOW_RECOVERY_SECONDS = 300;
const SHARE: Measured = { metric: "", unit: "", bounds: { lower: 0, upper: 1 } };

/**
 * Alerts on what agents do now, in all their processes together. They need the recording rules of
 * the fleet.
 */
export function agentAlerts(context: RuleContext): AlertingRule[] {
  return [successRateLow(context), recoverySlow(context), openFailures(context)];
}

function successRateLow(context: RuleContext): AlertingRule {
  const fleet = fleetNames(context);
  const { window, options } = context;
  const limit = limitOf(context, context.names.taskSuccessRate, "below") ?? 0.95;
  const tasks = `${fleet.taskRate} * ${context.windowSeconds} >= ${MIN_TASKS}`;
  return {
    alert: `${ALERT_PREFIX}AgentSuccessRateLow`,
    expr: `${fleet.successRatio} < ${limit}\nand ${tasks}`,
    for: window,
    keep_firing_for: promDuration(options.windowMillis),
    labels: { severity: "critical" },
    annotations: {
      summary: "The success rate of an agent is below its limit",
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
      summary: "The recovery of an agent from failures is slow",
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
      summary: "An agent has had open failures for 15 minutes",
      description:
        "Agent {{ $labels.agent }} of {{ $labels.job }} has {{ $value | humanize }} failures without a recovery. " +
        "For 15 minutes there has been at least one.",
      runbook_url: context.runbook("agent-failures-open"),
    },
  };
}

/** The user's limit on a metric of all agents, if it has the direction of the alert. */
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
