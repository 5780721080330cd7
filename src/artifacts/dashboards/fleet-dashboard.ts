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
import { forecastPanel } from "./forecast-panel.ts";

const OF_AGENTS = `${OF_JOB},agent=~"$agent"`;

/** All agents of all processes side by side, where they are heading, and the machines under them. */
export function fleetDashboard(context: DashboardContext): DashboardSpec {
  const ofSystem = context.metrics.filter(({ isOfAgent }) => isOfAgent === false);
  const ofApplication = context.metrics.filter(({ isOfAgent }) => isOfAgent === undefined);
  return {
    uid: "otel-forecast-fleet",
    file: "fleet-overview.json",
    title: "otel-forecast / Fleet overview",
    description: "All agents side by side, by the histograms of all their processes added up.",
    ...timeRange(context),
    variables: [jobVariable(), agentVariable(true), horizonVariable(context)],
    rows: [
      { title: "Now", panels: figures(context) },
      { title: "Agents", panels: agents(context) },
      { title: "What is coming", panels: coming(context) },
      { title: "Systems", panels: ofSystem.map((metric) => forecastPanel(metric, [OF_JOB])) },
      { title: "Application", panels: ofApplication.map((metric) => forecastPanel(metric, [OF_JOB])) },
    ].filter(({ panels }) => panels.length > 0),
  };
}

function figures({ names }: DashboardContext): PanelSpec[] {
  const figure = (title: string, description: string, unit: string, expr: string): PanelSpec => ({
    kind: "stat",
    title,
    description,
    unit,
    width: 4,
    height: 4,
    queries: [{ expr, legend: title, isInstant: true }],
  });
  const tasks = `sum(rate(${names.taskDuration}_count{${OF_AGENTS}}[5m]))`;
  const failed = `sum(rate(${names.taskDuration}_count{${OF_AGENTS},error_type!=""}[5m]))`;
  return [
    figure(
      "Agents",
      "Agents that are heard of",
      "short",
      `count(count by (job, agent) (${FORECASTER.ready}{${OF_AGENTS},agent!=""}))`,
    ),
    figure("Processes", "Processes that forecast", "short", `count(${FORECASTER.series}{${OF_JOB}})`),
    figure("Tasks", "Tasks that end, over 5 minutes", "ops", tasks),
    figure(
      "Success",
      "Tasks that end in success, over 5 minutes",
      "percentunit",
      `1 - (${failed} or vector(0)) / ${tasks}`,
    ),
    figure(
      "Open failures",
      "Failures without a recovery",
      "short",
      `sum(${names.openFailures}{${OF_AGENTS}})`,
    ),
    figure(
      "Alerts",
      "Alerts of otel-forecast that fire",
      "short",
      `sum(ALERTS{alertname=~"${ALERT_PREFIX}.*",alertstate="firing",${OF_JOB}}) or vector(0)`,
    ),
  ];
}

function agents({ names }: DashboardContext): PanelSpec[] {
  const lines = (title: string, description: string, unit: string, expr: string): PanelSpec => ({
    kind: "lines",
    title,
    description,
    unit,
    min: 0,
    width: 8,
    height: 8,
    queries: [{ expr, legend: "{{agent}}" }],
  });
  const rate = (metric: string, by = "agent"): string => `sum by (${by}) (rate(${metric}[${RATE}]))`;
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
      max: 1,
    },
    lines("Tasks", "Tasks that end", "ops", rate(count)),
    lines(
      "p95 latency",
      "95th percentile of the histograms of all processes added up",
      "s",
      `histogram_quantile(0.95, ${rate(`${names.taskDuration}_bucket{${OF_AGENTS}}`, "agent, le")})`,
    ),
    // Recoveries are rare: the rate of their histogram has a value for moments only, the gauge keeps its last one.
    lines(
      "Time to recover",
      "Mean time from a failure to its recovery, of the process that is worst off",
      "s",
      `max by (agent) (last_over_time(${names.failureRecoveryTime}{${OF_AGENTS}}[${RATE}]))`,
    ),
    lines(
      "Active tasks",
      "Tasks that have begun and not ended",
      "short",
      `sum by (agent) (${names.activeTasks}{${OF_AGENTS}})`,
    ),
    lines(
      "Open failures",
      "Failures without a recovery",
      "short",
      `sum by (agent) (${names.openFailures}{${OF_AGENTS}})`,
    ),
  ];
}

function coming({ names }: DashboardContext): PanelSpec[] {
  const { predicted } = predictionsOf(names.taskSuccessRate);
  return [
    {
      kind: "table",
      title: "Limits that will be crossed",
      description: `${FORECASTER.timeToThreshold}, soonest first: metrics that are forecast to cross a threshold that is set.`,
      unit: "s",
      width: 12,
      height: 8,
      queries: [
        {
          expr: `sort(${FORECASTER.timeToThreshold}{${OF_JOB},agent=~"$agent|"})`,
          legend: "{{metric}}",
          isInstant: true,
        },
      ],
    },
    {
      kind: "lines",
      title: "Task success rate in $horizon",
      description:
        "What is predicted, of the process that is worst off, drawn at the time that it speaks of.",
      unit: "percentunit",
      min: 0,
      max: 1,
      width: 12,
      height: 8,
      queries: [
        {
          expr: `min by (agent) (last_over_time(${predicted}{${OF_AGENTS},horizon="$horizon"}[${RATE}] offset $horizon))`,
          legend: "{{agent}}",
        },
      ],
    },
  ];
}
