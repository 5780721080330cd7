import { agentMetrics, eventLoopDelays } from "../metrics/agent-metrics.ts";
import type { OwnMetric } from "../metrics/own-metric.ts";
import { PROCESS_SCOPE, RUNTIME_SCOPE, TASK_SCOPE } from "../otel/scopes.ts";
import { consumptionViews } from "./consumption-views.ts";
import type { ForecastView, ViewOutput } from "./forecast-view.ts";
import type { AttributeFilter } from "./pattern.ts";
import { runViews } from "./run-views.ts";
import { FROM_ZERO, latencies, levels, output, PERCENT, SHARE } from "./view-parts.ts";

/** Selects the tasks that ended in success: they have no error type. */
export const SUCCEEDED: AttributeFilter = { error_type: "" };
/** Selects the tasks that ended in failure. */
export const FAILED: AttributeFilter = { error_type: "?*" };

/** The views of agents: of their tasks, and of the process or thread that they run in. */
export function agentViews(namespace: string): ForecastView[] {
  const metrics = agentMetrics(namespace);
  const ofAgent = { scope: TASK_SCOPE, by: ["agent"] } as const;
  return [
    {
      ...ofAgent,
      instruments: [metrics.taskDuration.name],
      outputs: [
        ...latencies(metrics),
        output(metrics.taskSuccessRate, { number: "ratio", of: [SUCCEEDED], bounds: SHARE }),
        total(metrics.completedTasks, SUCCEEDED),
        output(metrics.completedTaskRate, { number: "rate", of: [SUCCEEDED], bounds: FROM_ZERO }),
        total(metrics.failedTasks, FAILED),
        output(metrics.failedTaskRate, { number: "rate", of: [FAILED], bounds: FROM_ZERO }),
      ],
    },
    {
      ...ofAgent,
      instruments: [metrics.taskDuration.name, metrics.succeededAttempts.name, metrics.retriedAttempts.name],
      outputs: [
        output(metrics.successRate, { number: "ratio", of: [SUCCEEDED], bounds: SHARE }),
        output(metrics.failureRate, { number: "ratio", of: [FAILED], bounds: SHARE }),
      ],
    },
    {
      ...ofAgent,
      instruments: [metrics.recoveryDuration.name],
      outputs: [output(metrics.failureRecoveryTime, { number: "mean", bounds: FROM_ZERO })],
    },
    ...consumptionViews(namespace),
    ...runViews(namespace),
    { ...levels(`${namespace}.*_tasks`, FROM_ZERO, []), scope: TASK_SCOPE },
    { ...levels(metrics.openFailures.name, FROM_ZERO, []), scope: TASK_SCOPE },
    { ...levels(`${namespace}.*_percent`, PERCENT, []), scope: PROCESS_SCOPE },
    { ...levels(metrics.heapUsage.name, PERCENT, []), scope: RUNTIME_SCOPE },
    {
      instruments: [eventLoopDelays(namespace).name],
      scope: RUNTIME_SCOPE,
      by: ["agent"],
      outputs: [output(metrics.eventLoopDelay, { number: "quantile", quantile: 0.99, bounds: FROM_ZERO })],
    },
  ];
}

/** A counter of tasks by their ending. It is published; its rate is forecast. */
function total({ name, unit, description }: OwnMetric, of: AttributeFilter): ViewOutput {
  return {
    name,
    unit,
    description,
    number: "total",
    of: [of],
    isPublished: true,
    isForecast: false,
    isCounter: true,
  };
}
