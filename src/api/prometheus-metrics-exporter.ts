import type { ForecastOptions } from "../config/options.ts";
import { readProperty } from "../core/error-type.ts";
import { optionError } from "../core/option-error.ts";
import { SkipLog } from "../logging/skip-log.ts";
import type { AgentMetrics, SystemMetrics } from "../metrics/recorded-fields.ts";
import { PerformanceMonitor } from "./performance-monitor.ts";
import { SafeCalls, withClearErrors } from "./safe-calls.ts";

/**
 * Serves `/metrics` and `/health`: the metrics that the application records, and their forecasts.
 */
export class PrometheusMetricsExporter {
  readonly #monitor: PerformanceMonitor;

  /**
   * @throws TypeError if an option is invalid. The message names the option and what was expected.
   */
  constructor(options: Omit<ForecastOptions, "exporters"> = {}) {
    this.#monitor = withClearErrors(
      "PrometheusMetricsExporter",
      () => new PerformanceMonitor({ ...options, exporters: ["prometheus"] }),
    );
  }

  /**
   * Resolves when the server listens. If the port can't be used, the reason is logged by `diag`.
   */
  startServer(): Promise<void> {
    return this.#monitor.start();
  }

  /** Collects once more and closes the server. */
  shutdown(): Promise<void> {
    return this.#monitor.shutdown();
  }

  /** Records the state of an agent. `/metrics` shows it at once. */
  updateAgentMetrics(metrics: AgentMetrics): void {
    this.#monitor.recordAgentMetrics(metrics);
  }

  /** Records the state of the system. `/metrics` shows it at once. */
  updateSystemMetrics(metrics: SystemMetrics): void {
    this.#monitor.recordSystemMetrics(metrics);
  }

  /** The URL of the server, with the port that it got. */
  get url(): string {
    return this.#monitor.url as string;
  }
}

/**
 * Passes the state of agents to an exporter, for applications that measure their agents themselves.
 */
export class AgentMetricsCollector {
  readonly #exporter: PrometheusMetricsExporter;
  readonly #calls = new SafeCalls("AgentMetricsCollector", new SkipLog());

  /** @throws TypeError if `exporter` is no `PrometheusMetricsExporter`. */
  constructor(exporter: PrometheusMetricsExporter) {
    if (typeof readProperty(exporter, "updateAgentMetrics") !== "function")
      throw optionError("AgentMetricsCollector: exporter must be a PrometheusMetricsExporter");
    this.#exporter = exporter;
  }

  /**
   * Records the state of an agent. Invalid numbers are dropped and counted, the others are shown at
   * once.
   */
  updateAgentMetrics(metrics: AgentMetrics): void {
    this.#calls.run("updateAgentMetrics", () => this.#exporter.updateAgentMetrics(metrics), undefined);
  }
}
