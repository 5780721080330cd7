import type { AgentMetricKey } from "../../metrics/agent-metrics.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";
import type { AgentMetricNames } from "../metric-names.ts";
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
import { dayEndPanel } from "./day-end-panel.ts";
import { forecastPanel } from "./forecast-panel.ts";

const OF_AGENT = [OF_JOB, 'agent="$agent"'];

/** Not shown: the rate of failure is 1 minus the rate of success. */
const LEFT_OUT: readonly AgentMetricKey[] = ["failureRate"];

/**
 * The rows of metrics of an agent. A metric is in the first row that holds it; the last holds all.
 */
const ROWS: readonly {
  readonly title: string;
  readonly holds: (metric: ForecastMetric, names: AgentMetricNames) => boolean;
}[] = [
  { title: "Success and failure", holds: ({ bounds }) => bounds.lower === 0 && bounds.upper === 1 },
  { title: "Latency", holds: ({ metric }) => metric.includes("_latency_") },
  {
    title: "Failures and recovery",
    holds: ({ metric }, { openFailures }) => metric.includes("recovery") || metric === openFailures,
  },
  { title: "Resources", holds: ({ unit, metric }) => unit === "%" || /_resource_|_event_loop_/.test(metric) },
  { title: "Runs", holds: ({ metric }) => /_run_|_first_token_|_repeated_tool_calls_/.test(metric) },
  { title: "Tokens and cost", holds: ({ metric }) => /_(tokens|cost)_/.test(metric) },
  { title: "Load", holds: () => true },
];

/** All metrics of one agent, each with its forecast and interval. */
export function agentDashboard(context: DashboardContext): DashboardSpec {
  const leftOut = LEFT_OUT.map((key) => context.names[key]);
  const ofAgents = context.metrics.filter(
    ({ isOfAgent, metric }) => isOfAgent === true && !leftOut.includes(metric),
  );
  const rowOf = (metric: ForecastMetric) => ROWS.find(({ holds }) => holds(metric, context.names));
  const extra = new Map([["Success and failure", [failedTasks(context)]]]);
  return {
    uid: "otel-forecast-agent",
    file: "agent.json",
    title: "otel-forecast / One agent",
    description:
      "Success, failures, latency, recovery, resources, tokens and cost of one agent, each with its forecast.",
    ...timeRange(context),
    variables: [jobVariable(context), agentVariable(false), horizonVariable(context)],
    rows: ROWS.map((row) => ({
      title: row.title,
      panels: [
        ...ofAgents
          .filter((metric) => rowOf(metric) === row)
          .flatMap((metric) => [
            panelOf(metric, context),
            ...(metric.isDailyTotal ? [dayEndPanel(metric, OF_AGENT)] : []),
          ]),
        ...(extra.get(row.title) ?? []),
      ],
    })).filter(({ panels }) => panels.length > 0),
  };
}

function panelOf(metric: ForecastMetric, { names }: DashboardContext): PanelSpec {
  const panel = forecastPanel(metric, OF_AGENT);
  if (metric.metric !== names.successRate) return panel;
  return {
    ...panel,
    title: "Success rate of attempts",
    description: `Every attempt: tasks, tries, and calls of tools and models. ${panel.description}`,
  };
}

function failedTasks({ names }: DashboardContext): PanelSpec {
  return {
    kind: "lines",
    title: "Failed tasks, by error",
    description: "Tasks that ended in failure, by task type and error type.",
    unit: "count:tasks/s",
    min: 0,
    width: 8,
    height: 8,
    queries: [
      {
        expr: `sum by (task_type, error_type) (rate(${names.taskDuration}_count{${OF_AGENT.join(",")},error_type!=""}[${RATE}]))`,
        legend: "{{task_type}}: {{error_type}}",
      },
    ],
  };
}
