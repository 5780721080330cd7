import type { Meter } from "@opentelemetry/api";
import type { AgentBook } from "../../agents/agent-book.ts";
import type { AgentMetricKey } from "../../metrics/agent-metrics.ts";
import type { OwnMetric } from "../../metrics/own-metric.ts";
import { createObservableGauge } from "../../otel/create-instrument.ts";

/** Gauges of the tasks and failures of each agent that have begun and not ended. */
export function observeOpenWork(
  meter: Meter,
  metrics: Readonly<Record<AgentMetricKey, OwnMetric>>,
  book: AgentBook,
): void {
  createObservableGauge(meter, metrics.activeTasks).addCallback((result) => {
    for (const [agent, count] of book.activeTasks()) result.observe(count, { agent });
  });
  createObservableGauge(meter, metrics.openFailures).addCallback((result) => {
    for (const [agent, count] of book.openFailures()) result.observe(count, { agent });
  });
}
