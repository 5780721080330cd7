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
 * Collects system metrics, which it measures by itself, and agent metrics that it is told; forecasts all of them and
 * publishes both by the ways out of its options.
 */
export class MetricsCollector {
  /** @internal */
  protected readonly runtime: Runtime;

  /** @throws TypeError that names the option that is wrong and what was expected. */
  constructor(options: ForecastOptions = {}) {
    this.runtime = new Runtime(options);
  }

  /** Resolves when `/metrics` can be scraped, or what keeps it from being so has been said through `diag`. */
  start(): Promise<void> {
    return this.runtime.start();
  }

  /** Samples once more, pushes what is to be pushed and closes the endpoint. */
  shutdown(): Promise<void> {
    return this.runtime.shutdown();
  }

  /** Samples at once instead of at the end of the collection interval. */
  collect(): Promise<void> {
    return this.runtime.pipeline.collect();
  }

  /** The system's state as somebody else measured it; it goes before what is measured here. */
  recordSystemMetrics(metrics: SystemMetrics): void {
    this.runtime.pipeline.recordSystem(metrics);
  }

  /** An agent's state as somebody else measured it. */
  recordAgentMetrics(metrics: AgentMetrics): void {
    this.runtime.pipeline.recordAgent(metrics);
  }

  /** Forecasts as they stand, of every series and horizon, or of those that the filter names. */
  getForecasts(filter: ForecastFilter = {}): Forecast[] {
    return this.runtime.pipeline.engine.forecasts(filter);
  }

  /** Alerts as they stand, on every series that a rule matches, or those that the filter names. */
  getAlerts(filter: AlertFilter = {}): Alert[] {
    return this.runtime.pipeline.alerting.alerts(filter);
  }

  /**
   * Gives a function to the actions that name it (`function: NAME`).
   *
   * @throws TypeError when it is no name or no function.
   */
  registerAction(name: string, run: ActionFunction): void {
    this.runtime.pipeline.alerting.notifications.register(name, run);
  }

  /**
   * Excludes series from learning and from alerts from now on, for a deploy say; the function that comes back ends it.
   *
   * @throws TypeError when `durationMillis` is no number above 0.
   */
  maintenance(request: MaintenanceRequest = {}): () => void {
    return this.runtime.pipeline.alerting.beginMaintenance(request);
  }

  /** Forgets what was learnt of series, which then warm up anew; gives how many there were. Names may be patterns. */
  forget(filter: LearntFilter = {}): number {
    return this.runtime.pipeline.engine.forgetLearnt(filter);
  }

  /** Where `/metrics` is served, with the port that was taken; absent without the `prometheus` exporter. */
  get url(): string | undefined {
    return this.runtime.exporters.endpoint?.url;
  }
}
