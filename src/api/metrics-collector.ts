import type { Alert } from "../alerts/alert.ts";
import type { AlertFilter } from "../alerts/alerting.ts";
import type { ActionFunction } from "../alerts/entries.ts";
import type { MaintenanceRequest } from "../alerts/maintenance-calendar.ts";
import type { ForecastOptions } from "../config/options.ts";
import type { Forecast } from "../core/forecast.ts";
import type { ForecastFilter, LearntFilter } from "../engine/engine-filters.ts";
import type { AgentMetrics, SystemMetrics } from "../metrics/recorded-fields.ts";
import { Runtime } from "../run/runtime.ts";
import { ALERT_KEYS, FORECAST_KEYS, LEARNT_KEYS, MAINTENANCE_KEYS, readFilter } from "./read-filter.ts";
import { SafeCalls, withClearErrors } from "./safe-calls.ts";

/**
 * Measures the system, and takes metrics of agents that the application records. Forecasts all
 * series, and publishes the metrics and the forecasts by the exporters of its options.
 */
export class MetricsCollector {
  /** @internal */
  protected readonly runtime: Runtime;
  /** @internal */
  protected readonly calls: SafeCalls;

  /**
   * @throws TypeError if an option is invalid. The message names the option and what was expected.
   */
  constructor(options: ForecastOptions = {}) {
    this.runtime = withClearErrors(new.target.name, () => new Runtime(options));
    this.calls = new SafeCalls(new.target.name, this.runtime.pipeline.skips);
  }

  /**
   * Starts collecting. Resolves when `/metrics` can be scraped. If the monitor can't start, or the
   * port can't be used, the reason is logged by `diag`. Never rejects.
   */
  start(): Promise<void> {
    return this.calls.wait("start", () => this.runtime.start());
  }

  /** Collects once more, pushes the last metrics, and closes the endpoint. Never rejects. */
  shutdown(): Promise<void> {
    return this.calls.wait("shutdown", () => this.runtime.shutdown());
  }

  /** Collects now, without waiting for the end of the collection interval. Never rejects. */
  collect(): Promise<void> {
    return this.calls.wait("collect", () => this.runtime.pipeline.collect());
  }

  /**
   * Records the state of the system as the application measured it. It replaces what the monitor
   * measures.
   */
  recordSystemMetrics(metrics: SystemMetrics): void {
    this.calls.run("recordSystemMetrics", () => this.runtime.pipeline.recordSystem(metrics), undefined);
  }

  /** Records the state of an agent as the application measured it. */
  recordAgentMetrics(metrics: AgentMetrics): void {
    this.calls.run("recordAgentMetrics", () => this.runtime.pipeline.recordAgent(metrics), undefined);
  }

  /**
   * The current forecasts of all series and horizons, or of those that the filter selects. A filter
   * that is no filter selects none.
   */
  getForecasts(filter: ForecastFilter = {}): Forecast[] {
    const { engine } = this.runtime.pipeline;
    return this.calls.run("getForecasts", () => engine.forecasts(readFilter(filter, FORECAST_KEYS)), []);
  }

  /**
   * The current alerts on all series that a rule matches, or those that the filter selects. A filter
   * that is no filter selects none.
   */
  getAlerts(filter: AlertFilter = {}): Alert[] {
    const { alerting } = this.runtime.pipeline;
    return this.calls.run("getAlerts", () => alerting.alerts(readFilter(filter, ALERT_KEYS)), []);
  }

  /**
   * Registers a function for the actions that use it (`function: NAME`). If the name is no name, or
   * the function is no function, nothing is registered.
   */
  registerAction(name: string, run: ActionFunction): void {
    const { notifications } = this.runtime.pipeline.alerting;
    this.calls.run("registerAction", () => notifications.register(name, run), undefined);
  }

  /**
   * Begins a maintenance, such as a deployment: the selected series are not learnt from, and have
   * no alerts. If the request is invalid, no maintenance begins.
   *
   * @returns a function that ends the maintenance.
   */
  maintenance(request: MaintenanceRequest = {}): () => void {
    const { alerting } = this.runtime.pipeline;
    const begin = (): (() => void) => alerting.beginMaintenance(readFilter(request, MAINTENANCE_KEYS));
    return this.calls.run("maintenance", begin, () => {});
  }

  /**
   * Forgets what was learnt of series. They warm up again. Names in the filter may be patterns. A
   * filter that is no filter selects none.
   *
   * @returns the number of series.
   */
  forget(filter: LearntFilter = {}): number {
    const { engine } = this.runtime.pipeline;
    return this.calls.run("forget", () => engine.forgetLearnt(readFilter(filter, LEARNT_KEYS)), 0);
  }

  /**
   * The URL of the server, with the port that it got. `undefined` without the `prometheus`
   * exporter.
   */
  get url(): string | undefined {
    return this.runtime.exporters.endpoint?.url;
  }
}
