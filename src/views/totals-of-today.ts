import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { Labels } from "../core/series-key.ts";
import { agentMetrics } from "../metrics/agent-metrics.ts";
import { TASK_SCOPE, TODAY_SCOPE } from "../otel/scopes.ts";
import type { ForecastView } from "./forecast-view.ts";
import { compilePattern } from "./pattern.ts";
import { FROM_ZERO } from "./view-parts.ts";

type Grouping = ForecastView["by"];

/** The OpenTelemetry names of what agents used today. */
export function totalsOfToday(namespace: string): string[] {
  const { tokensToday, costToday } = agentMetrics(namespace);
  return [tokensToday.name, costToday.name];
}

const ENDINGS = totalsOfToday("").map((name) => name.replace(/^.*\./, "."));

/**
 * The attributes that distinguish the series that a view makes of a metric. `undefined`: the view
 * does not use the metric.
 *
 * What was used today is measured twice by one name. Views by agent use the agents that are there.
 * Views that sum over agents use everything: what was spent stays spent when its agent is gone. The
 * model distinguishes series only if a view names it.
 */
export function groupingOf(by: Grouping, metric: MeasuredMetric): Grouping | undefined {
  if (metric.scope === TODAY_SCOPE) return isByAgent(by) ? undefined : by;
  if (!isTotalOfToday(metric)) return by;
  if (by === "all") return ["agent"];
  return isByAgent(by) ? by : undefined;
}

/** The scope of a metric, as views select it. */
export function scopeForViews({ scope }: MeasuredMetric): string {
  return scope === TODAY_SCOPE ? TASK_SCOPE : scope;
}

/** The labels that decide whether a source has gone: what was spent outlives its agent. */
export function labelsOfSource({ scope }: MeasuredMetric, labels: Labels): Labels {
  return scope === TODAY_SCOPE ? {} : labels;
}

/** Completes the views of totals of the day, which are never below 0. */
export function asTotalsOfToday(views: readonly ForecastView[], namespace: string): ForecastView[] {
  return views.map((view) => {
    const isOfAgents = isOfToday(view, namespace);
    const outputs = view.outputs.map((output) =>
      output.number === "today" || (isOfAgents && output.number === "level")
        ? { bounds: FROM_ZERO, isDailyTotal: true, ...output }
        : output,
    );
    return { ...view, outputs };
  });
}

/** Whether a view selects nothing but what was used today. */
export function isOfToday({ instruments, scope = "*" }: ForecastView, namespace: string): boolean {
  const totals = totalsOfToday(namespace);
  const others = Object.values(agentMetrics(namespace)).filter(({ name }) => !totals.includes(name));
  const isOurs = instruments.every((pattern) => {
    const matches = compilePattern(pattern);
    return (
      pattern.startsWith(`${namespace}.`) && totals.some(matches) && !others.some(({ name }) => matches(name))
    );
  });
  return isOurs && compilePattern(scope)(TASK_SCOPE);
}

function isByAgent(by: Grouping): boolean {
  return by === "all" || by.includes("agent");
}

function isTotalOfToday({ scope, name }: MeasuredMetric): boolean {
  return scope === TASK_SCOPE && ENDINGS.some((ending) => name.endsWith(ending));
}
