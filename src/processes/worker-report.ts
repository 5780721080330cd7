import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric } from "../core/measured-metric.ts";

/** What one of several processes that do the same work measures with the instruments of the application. */
export interface WorkerReport {
  /** Of this process alone, for as long as it lives. */
  readonly id: string;
  /** As its own endpoint would show it: totals since its start. */
  readonly shown: readonly ScopeMetrics[];
  /** What is to be forecast: since its last report. */
  readonly measured: readonly MeasuredMetric[];
  /** What the process that had the port before has told this one, which was to go on and was not the first to. */
  readonly will?: string;
}

/** Whether it looks like a report of a worker; what it holds is of a process of the same program and user. */
export function isWorkerReport(given: unknown): given is WorkerReport {
  const { id, shown, measured } = (given ?? {}) as Partial<Record<keyof WorkerReport, unknown>>;
  return typeof id === "string" && isShown(shown) && areAll(measured, isMeasured);
}

/** Whether it is what an endpoint shows. */
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
