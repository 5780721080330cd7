import type { Alert } from "../alerts/alert.ts";
import type { AlertFilter } from "../alerts/alerting.ts";
import type { ActionFunction } from "../alerts/entries.ts";
import type { MaintenanceRequest } from "../alerts/maintenance-calendar.ts";
import type { ForecastOptions } from "../config/options.ts";
import type { Forecast } from "../core/forecast.ts";
import type { ForecastFilter, LearntFilter } from "../engine/forecast-engine.ts";
import type { AgentMetrics, SystemMetrics } from "../metrics/recorded-fields.ts";
import { Runtime } from "../run/runtime.ts";

/**
 * Measures the system, and takes metrics of agents that the application records. Forecasts all
 * series, and publishes the metrics and the forecasts by the exporters of its options.
 */
export class MetricsCollector {
  /** @internal */
  protected readonly runtime: Runtime;

  /**
   * @throws TypeError if an option is invalid. The message names the option and what was expected.
   */
  constructor(options: ForecastOptions = {}) {
    this.runtime = new Runtime(options);
  }

  /**
   * Starts collecting. Resolves when `/metrics` can be scraped. If the port can't be used, the
   * reason is logged by `diag`.
   */
  start(): Promise<void> {
    return this.runtime.start();
  }

  /** Collects once more, pushes the last metrics, and closes the endpoint. */
  shutdown(): Promise<void> {
    return this.runtime.shutdown();
  }

  /** Collects now, without waiting for the end of the collection interval. */
  collect(): Promise<void> {
    return this.runtime.pipeline.collect();
  }

  /**
   * Records the state of the system as the application measured it. It replaces what the monitor
   * measures.
   */
  recordSystemMetrics(metrics: SystemMetrics): void {
    this.runtime.pipeline.recordSystem(metrics);
  }

  /** Records the state of an agent as the application measured it. */
  recordAgentMetrics(metrics: AgentMetrics): void {
    this.runtime.pipeline.recordAgent(metrics);
  }

  /** The current forecasts of all series and horizons, or of those that the filter selects. */
  getForecasts(filter: ForecastFilter = {}): Forecast[] {
    return this.runtime.pipeline.engine.forecasts(filter);
  }

  /** The current alerts on all series that a rule matches, or those that the filter selects. */
  getAlerts(filter: AlertFilter = {}): Alert[] {
    return this.runtime.pipeline.alerting.alerts(filter);
  }

  /**
   * Registers a function for the actions that use it (`function: NAME`).
   *
   * @throws TypeError if the name is no name, or the function is no function.
   */
  registerAction(name: string, run: ActionFunction): void {
    this.runtime.pipeline.alerting.notifications.register(name, run);
  }

  /**
   * Begins a maintenance, such as a deployment: the selected series are not learnt from, and have
   * no alerts.
   *
   * @returns a function that ends the maintenance.
   * @throws TypeError if `durationMillis` is not a number above 0.
   */
  maintenance(request: MaintenanceRequest = {}): () => void {
    return this.runtime.pipeline.alerting.beginMaintenance(request);
  }

  /**
   * Forgets what was learnt of series. They warm up again. Names in the filter may be patterns.
   *
   * @returns the number of series.
   */
  forget(filter: LearntFilter = {}): number {
    return this.runtime.pipeline.engine.forgetLearnt(filter);
  }

  /**
   * The URL of the server, with the port that it got. `undefined` without the `prometheus`
   * exporter.
   */
  get url(): string | undefined {
    return this.runtime.exporters.endpoint?.url;
  }
}
