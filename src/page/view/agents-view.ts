import type { AgentTasks, SeriesStatus } from "../../status/answers.ts";
import type { PageData, ShownAgent } from "./page-data.ts";
import { linkTo } from "./page-query.ts";
import { sparkline } from "./plot.ts";
import { scrollTable } from "./scroll-table.ts";
import { forecastCell, limitText, processOf } from "./series-cells.ts";
import { nameOf, valueText } from "./texts.ts";
import type { ViewContext } from "./view-context.ts";
import { type Child, element, type ViewElement } from "./view-node.ts";

/** What is shown of an agent: the end of the name of each metric, and what it is called, in this order. */
export const AGENT_MEASURES: Readonly<Record<string, string>> = {
  task_success_rate: "Task success rate",
  latency_p95_seconds: "Latency (p95)",
  completed_tasks_per_second: "Tasks completed",
  failure_recovery_time_seconds: "Recovery time",
  memory_usage_percent: "Memory use",
  heap_usage_percent: "Heap use",
  cpu_usage_percent: "CPU use",
  cost_today: "Cost today",
  tokens_today: "Tokens today",
};

/** The agents, now and at the longest horizon. */
export function agentsView({ agents, hasMoreAgents }: PageData, context: ViewContext): ViewElement {
  return element(
    "section",
    { id: "agents", "aria-labelledby": "agents-title" },
    element("h2", { id: "agents-title" }, "Agents"),
    agents.length === 0
      ? element("p", { class: "quiet" }, "No agent has reported yet.")
      : agents.map((agent, index) => agentView(agent, index, context)),
    hasMoreAgents && element("p", { class: "quiet" }, "There are more agents: search for them below."),
  );
}

function agentView(agent: ShownAgent, index: number, context: ViewContext): ViewElement {
  const title = `agent-${index}-title`;
  const { tasks } = agent;
  const hasWorked = tasks !== undefined && tasks.completed + tasks.failed + tasks.active > 0;
  return element(
    "article",
    { id: `agent-${index}`, class: "agent", "aria-labelledby": title },
    element(
      "header",
      {},
      element("h3", { id: title }, nameOf(agent.name)),
      processOf(agent),
      hasWorked && element("p", { class: "quiet numbers" }, tasksText(tasks)),
    ),
    agent.series.length > 0 && measuresTable(agent, title, context),
  );
}

function tasksText({ completed, failed, active }: AgentTasks): string {
  return `${counted(completed)} completed, ${counted(failed)} failed, ${counted(active)} active`;
}

function counted(count: number): string {
  return count.toLocaleString("en-US");
}

function measuresTable({ series }: ShownAgent, title: string, context: ViewContext): ViewElement {
  const heads = ["Measure", "Now", "Past and forecast", "Forecast", "Threshold"];
  return scrollTable(
    { "aria-labelledby": title },
    heads,
    series.map((each) => measureRow(each, context)),
  );
}

function measureRow(series: SeriesStatus, context: ViewContext): ViewElement {
  const cell = (...content: readonly Child[]): ViewElement => element("td", {}, ...content);
  return element(
    "tr",
    { id: `measure-${series.id}` },
    element(
      "th",
      { scope: "row" },
      element("a", { href: `${linkTo(context.query, { series: series.id })}#detail` }, measureName(series)),
    ),
    element("td", { class: "numbers strong" }, valueText(series, series.value)),
    element("td", { class: "spark" }, sparkline(series)),
    cell(...forecastCell(series, context)),
    element("td", { class: "numbers" }, limitText(series, context)),
  );
}

function measureName({ metric }: SeriesStatus): string {
  const found = Object.entries(AGENT_MEASURES).find(([end]) => metric.endsWith(`_${end}`));
  return found?.[1] ?? metric;
}
