import type { Forecast } from "./core/forecast.ts";
import type { ForecastFilter } from "./pipeline/engine/forecast-engine.ts";
import type { ForecastOptions } from "./pipeline/options/options.ts";
import { Runtime } from "./pipeline/runtime.ts";
import type { AgentMetrics, SystemMetrics } from "./telemetry/recorded-metrics.ts";

/**
 * Collects system metrics, which it measures by itself, and agent metrics that it is told; forecasts all of them and
 * publishes both by the ways out of its options.
 */
export class MetricsCollector {
  readonly #runtime: Runtime;

  /** @throws TypeError that names the option that is wrong and what was expected. */
  constructor(options: ForecastOptions = {}) {
    this.#runtime = new Runtime(options);
  }

  /** Resolves when `/metrics` can be scraped, or what keeps it from being so has been said through `diag`. */
  start(): Promise<void> {
    return this.#runtime.start();
  }

  shutdown(): Promise<void> {
    return this.#runtime.shutdown();
  }

  /** Samples at once instead of at the end of the collection interval. */
  collect(): Promise<void> {
    return this.#runtime.pipeline.collect();
  }

  /** The system's state as somebody else measured it; it goes before what is measured here. */
  recordSystemMetrics(metrics: SystemMetrics): void {
    this.#runtime.pipeline.recordSystem(metrics);
  }

  /** An agent's state as somebody else measured it. */
  recordAgentMetrics(metrics: AgentMetrics): void {
    this.#runtime.pipeline.recordAgent(metrics);
  }

  getForecasts(filter: ForecastFilter = {}): Forecast[] {
    return this.#runtime.pipeline.forecasts(filter);
  }

  /** Where `/metrics` is served, with the port that was taken; absent without the `prometheus` exporter. */
  get url(): string | undefined {
    return this.#runtime.wayOut.endpoint?.url;
  }
}
