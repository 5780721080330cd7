import type { Threshold } from "../core/threshold.ts";
import { agentMetrics } from "../metrics/agent-metrics.ts";
import { prometheusName } from "../prometheus/metric-name.ts";

/**
 * From here on, V8 ends the process after a few collections that free little.
 *
 * Source: `Heap::CheckIneffectiveMarkCompact`,
 * https://github.com/v8/v8/blob/13.6.233/src/heap/heap.cc
 */
const HEAP_PERCENT = 80;
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
