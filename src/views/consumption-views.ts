import { agentMetrics } from "../metrics/agent-metrics.ts";
import type { OwnMetric } from "../metrics/own-metric.ts";
import { TASK_SCOPE } from "../otel/scopes.ts";
import type { ForecastView } from "./forecast-view.ts";
import { FROM_ZERO, output } from "./view-parts.ts";

/**
 * The views of tokens and cost: their rate, and their total since midnight, which a daily budget
 * limits.
 */
export function consumptionViews(namespace: string): ForecastView[] {
  const { tokens, tokenRate, tokensToday, cost, costRate, costToday } = agentMetrics(namespace);
  return [rateOf(tokens, tokenRate), totalOfDay(tokensToday), rateOf(cost, costRate), totalOfDay(costToday)];
}

function rateOf(counter: OwnMetric, rate: OwnMetric): ForecastView {
  return {
    instruments: [counter.name],
    scope: TASK_SCOPE,
    by: ["agent"],
    outputs: [output(rate, { number: "rate", bounds: FROM_ZERO })],
  };
}

function totalOfDay(metric: OwnMetric): ForecastView {
  return {
    instruments: [metric.name],
    scope: TASK_SCOPE,
    by: ["agent"],
    outputs: [output(metric, { number: "level", isDailyTotal: true, bounds: FROM_ZERO })],
  };
}
