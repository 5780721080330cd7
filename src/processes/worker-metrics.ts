import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric } from "../core/measured-metric.ts";

/**
 * The metrics of the application's instruments in a worker: one of several processes that do the
 * same work.
 */
export interface WorkerMetrics {
  /** Identifies the process, for as long as it lives. */
  readonly id: string;
  /** What the worker's own endpoint would show: totals since its start. */
  readonly shown: readonly ScopeMetrics[];
  /** What is to be forecast: measured since its last report. */
  readonly measured: readonly MeasuredMetric[];
  /**
   * The handover of the process that had the port before, as JSON. A worker passes it on if it was
   * chosen as successor, but another worker got the port first.
   */
  readonly handover?: string;
}

/** Checks the shape only: the sender is a process of the same program and user. */
export function isWorkerMetrics(given: unknown): given is WorkerMetrics {
  const { id, shown, measured } = (given ?? {}) as Partial<Record<keyof WorkerMetrics, unknown>>;
  return typeof id === "string" && isShown(shown) && areAll(measured, isMeasured);
}

/** Whether a value has the shape of what an endpoint shows. */
export function isShown(given: unknown): given is ScopeMetrics[] {
  return areAll(given, (scope) => has(scope, "scope") && areAll(scope.metrics, isMetricData));
}

function isMetricData(metric: unknown): boolean {
  return has(metric, "descriptor") && areAll(metric.dataPoints, (point) => has(point, "attributes"));
}

function isMeasured(metric: unknown): boolean {
  const { name, points } = (metric ?? {}) as { name?: unknown; points?: unknown };
  return typeof name === "string" && areAll(points, (point) => has(point, "labels"));
}

function areAll(given: unknown, isRight: (item: unknown) => boolean): boolean {
  return Array.isArray(given) && given.every(isRight);
}

function has<Key extends string>(given: unknown, key: Key): given is Record<string, unknown> {
  return (
    typeof given === "object" && given !== null && typeof (given as Record<Key, unknown>)[key] === "object"
  );
}
