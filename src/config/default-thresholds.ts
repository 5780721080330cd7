import type { Threshold } from "../core/threshold.ts";
import { agentMetrics } from "../metrics/agent-metrics.ts";
import { prometheusName } from "../prometheus/metric-name.ts";

/** Above this, V8 collects garbage nearly all the time; soon after it ends the process. */
const HEAP_PERCENT = 90;
/** The default timeout of a probe of Kubernetes. */
const EVENT_LOOP_DELAY_SECONDS = 1;

/**
 * Thresholds by Prometheus name that apply without any configuration: of what ends a process, or
 * lets others end it. Those of the user take precedence.
 */
export function defaultThresholds(namespace: string): Map<string, Threshold> {
  const { heapUsage, eventLoopDelay } = agentMetrics(namespace);
  return new Map([
    [prometheusName(heapUsage), { value: HEAP_PERCENT, direction: "above" }],
    [prometheusName(eventLoopDelay), { value: EVENT_LOOP_DELAY_SECONDS, direction: "above" }],
  ]);
}
