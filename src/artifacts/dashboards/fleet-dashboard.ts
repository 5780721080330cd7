import { FORECASTER, predictionsOf } from "../metric-names.ts";
import { ALERT_PREFIX } from "../rules/rule-context.ts";
import {
  agentVariable,
  type DashboardContext,
  horizonVariable,
  jobVariable,
  OF_JOB,
  RATE,
  timeRange,
} from "./dashboard-context.ts";
import type { DashboardSpec, PanelSpec } from "./dashboard-spec.ts";
import { ANY, figure } from "./figure-panel.ts";
import { forecastPanel, SUCCESS_FROM } from "./forecast-panel.ts";
import { freshValues, lines } from "./line-panel.ts";
import { crossings } from "./table-panels.ts";

const OF_AGENTS = `${OF_JOB},agent=~"$agent"`;

/** The agents of all processes side by side, their forecasts, and the machines. */
export function fleetDashboard(context: DashboardContext): DashboardSpec {
  const overAgents = context.metrics.filter(({ isOverAgents }) => isOverAgents);
  const ofSystem = context.metrics.filter(
    ({ isOfAgent, isOverAgents }) => isOfAgent === false && !isOverAgents,
  );
  const ofApplication = context.metrics.filter(({ isOfAgent }) => isOfAgent === undefined);
  return {
    uid: "otel-forecast-fleet",
    file: "fleet-overview.json",
    title: "otel-forecast / Fleet overview",
    description:
      "All agents side by side. Percentiles come from the summed histograms of all their processes.",
    ...timeRange(context),
    variables: [jobVariable(context), agentVariable(true), horizonVariable(context)],
    rows: [
      { title: "Now", panels: figures(context) },
      { title: "Agents", panels: agents(context) },
      { title: "Forecasts", panels: coming(context) },
      { title: "All agents", panels: overAgents.map((metric) => forecastPanel(metric, [OF_JOB])) },
      { title: "Systems", panels: ofSystem.map((metric) => forecastPanel(metric, [OF_JOB])) },
      { title: "Application", panels: ofApplication.map((metric) => forecastPanel(metric, [OF_JOB])) },
    ].filter(({ panels }) => panels.length > 0),
  };
}

function figures({ metrics, names }: DashboardContext): PanelSpec[] {
  const success = metrics.find(({ metric }) => metric === names.taskSuccessRate)?.threshold;
  const tasks = `sum(rate(${names.taskDuration}_count{${OF_AGENTS}}[5m]))`;
  const failed = `sum(rate(${names.taskDuration}_count{${OF_AGENTS},error_type!=""}[5m]))`;
  return [
    figure(
      "Agents",
      "Agents that are known now",
      "short",
      `count(count by (job, agent) (${FORECASTER.ready}{${OF_AGENTS},agent!=""}))`,
    ),
    figure("Processes", "Processes that forecast", "short", `count(${FORECASTER.series}{${OF_JOB}})`),
    figure("Tasks", "Ended tasks per second, over 5 minutes", "count:tasks/s", tasks),
    {
      ...figure(
        "Success",
        "Share of tasks that ended in success, over 5 minutes",
        "percentunit",
        `1 - (${failed} or vector(0)) / ${tasks}`,
      ),
      ...(success === undefined ? {} : { limit: success }),
    },
    {
      ...figure(
        "Open failures",
        "Failures without a recovery",
        "short",
        `sum(${names.openFailures}{${OF_AGENTS}})`,
      ),
      limit: ANY,
    },
    {
      ...figure(
        "Alerts",
        "Firing alerts of otel-forecast",
        "short",
        `sum(ALERTS{alertname=~"${ALERT_PREFIX}.*",alertstate="firing",${OF_JOB}}) or vector(0)`,
      ),
      limit: ANY,
    },
  ];
}

function agents({ names }: DashboardContext): PanelSpec[] {
  const rate = (metric: string, by = "agent"): string => `sum by (${by}) (rate(${metric}[${RATE}]))`;
  const fresh = (metric: string): string => freshValues(`${metric}{${OF_AGENTS}}`);
  const count = `${names.taskDuration}_count{${OF_AGENTS}}`;
  const failed = rate(`${names.taskDuration}_count{${OF_AGENTS},error_type!=""}`);
  return [
    {
      ...lines(
        "Task success rate",
        "Share of tasks that ended in success, in all processes",
        "percentunit",
        `1 - (${failed} or 0 * ${rate(count)}) / (${rate(count)} > 0)`,
      ),
      min: SUCCESS_FROM,
      max: 1,
    },
    lines("Tasks", "Ended tasks per second", "count:tasks/s", rate(count)),
    lines(
      "P95 latency",
      "95th percentile, from the summed histograms of all processes",
      "s",
      `histogram_quantile(0.95, ${rate(`${names.taskDuration}_bucket{${OF_AGENTS}}`, "agent, le")})`,
    ),
    // Recoveries are rare: the rate of their histogram has a value only briefly, while the gauge
    // keeps its last value.
    lines(
      "Recovery time",
      "Mean time from a failure to its recovery, in the process where it is longest",
      "s",
      `max by (agent) (${fresh(names.failureRecoveryTime)})`,
    ),
    lines(
      "Active tasks",
      "Tasks that have begun and not ended",
      "short",
      `sum by (agent) (${fresh(names.activeTasks)})`,
    ),
    lines(
      "Open failures",
      "Failures without a recovery",
      "short",
      `sum by (agent) (${fresh(names.openFailures)})`,
    ),
  ];
}

function coming({ names }: DashboardContext): PanelSpec[] {
  const { predicted } = predictionsOf(names.taskSuccessRate);
  return [
    crossings(`{${OF_JOB},agent=~"$agent|"}`, 12),
    {
      kind: "lines",
      title: "Task success rate in $horizon",
      description: "The lowest prediction of all processes, drawn at the time that it predicts.",
      unit: "percentunit",
      min: SUCCESS_FROM,
      max: 1,
      width: 12,
      height: 8,
      queries: [
        {
          expr: `min by (agent) (${freshValues(`${predicted}{${OF_AGENTS},horizon="$horizon"}`, " offset $horizon")})`,
          legend: "{{agent}}",
        },
      ],
    },
  ];
}
