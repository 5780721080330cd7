import type { AgentMetrics } from "../metrics/recorded-fields.ts";
import type { PrometheusMetricsExporter } from "./prometheus-metrics-exporter.ts";

/** Tells an exporter how agents do, for programs that measure their agents themselves. */
export class AgentMetricsCollector {
  readonly #exporter: PrometheusMetricsExporter;

  constructor(exporter: PrometheusMetricsExporter) {
    if (typeof exporter?.updateAgentMetrics !== "function") {
      throw new TypeError("AgentMetricsCollector: exporter must be a PrometheusMetricsExporter");
    }
    this.#exporter = exporter;
  }

  /** An agent's state; a number that can't be is dropped and counted, the others are shown at once. */
  updateAgentMetrics(metrics: AgentMetrics): void {
    this.#exporter.updateAgentMetrics(metrics);
  }
}
