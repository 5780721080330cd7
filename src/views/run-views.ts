import { agentMetrics, runCalls } from "../metrics/agent-metrics.ts";
import type { OwnMetric } from "../metrics/own-metric.ts";
import { RUN_SCOPE, TASK_SCOPE } from "../otel/scopes.ts";
import type { ForecastView } from "./forecast-view.ts";
import { FROM_ZERO, output } from "./view-parts.ts";

/** The views of what happens within the runs of agents. */
export function runViews(namespace: string): ForecastView[] {
  const metrics = agentMetrics(namespace);
  const { modelCalls, toolCalls } = runCalls(namespace);
  return [
    { ...p95(modelCalls, metrics.runModelCalls), scope: RUN_SCOPE },
    { ...p95(toolCalls, metrics.runToolCalls), scope: RUN_SCOPE },
    { ...p95(metrics.firstToken, metrics.firstTokenP95), scope: TASK_SCOPE },
    {
      instruments: [metrics.repeatedToolCalls.name],
      scope: TASK_SCOPE,
      by: ["agent"],
      outputs: [output(metrics.repeatedToolCallRate, { number: "rate", bounds: FROM_ZERO })],
    },
  ];
}

function p95(histogram: OwnMetric, gauge: OwnMetric): Pick<ForecastView, "instruments" | "by" | "outputs"> {
  return {
    instruments: [histogram.name],
    by: ["agent"],
    outputs: [output(gauge, { number: "quantile", quantile: 0.95, bounds: FROM_ZERO })],
  };
}
