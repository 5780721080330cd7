import type { ForecastOptions } from "../config/options.ts";
import type { AgentMetrics, SystemMetrics } from "../metrics/recorded-fields.ts";
import { PerformanceMonitor } from "./performance-monitor.ts";

/** Serves `/metrics` and `/health` of what it is told, and of what follows from that. */
export class PrometheusMetricsExporter {
  readonly #monitor: PerformanceMonitor;

  /** @throws TypeError that names the option that is wrong and what was expected. */
  constructor(options: Omit<ForecastOptions, "exporters"> = {}) {
    this.#monitor = new PerformanceMonitor({ ...options, exporters: ["prometheus"] });
  }

  /** Resolves when the server listens, or what keeps it from that has been said through `diag`. */
  startServer(): Promise<void> {
    return this.#monitor.start();
  }

  shutdown(): Promise<void> {
    return this.#monitor.shutdown();
  }

  /** Shown on `/metrics` at once. */
  updateAgentMetrics(metrics: AgentMetrics): void {
    this.#monitor.recordAgentMetrics(metrics);
  }

  /** Shown on `/metrics` at once. */
  updateSystemMetrics(metrics: SystemMetrics): void {
    this.#monitor.recordSystemMetrics(metrics);
  }

  /** Where it is served, with the port that was taken. */
  get url(): string {
    return this.#monitor.url as string;
  }
}
