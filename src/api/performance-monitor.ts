import { createNoopMeter, type MeterProvider } from "@opentelemetry/api";
import type { IMetricReader, MetricProducer, PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { FailureRecovery, TaskRecord } from "../agents/events.ts";
import type { AgentPerformance } from "../agents/performance.ts";
import type { ForecastOptions } from "../config/options.ts";
import { PreferredTemporality, temporalityOf } from "../otel/export/preferred-temporality.ts";
import { agentSpanProcessor } from "../run/agent-span-processor.ts";
import { observeFrameworks } from "../run/observe-frameworks.ts";
import { AgentHandle } from "./agent-handle.ts";
import { AgentSuccessTracker } from "./agent-success-tracker.ts";
import { MetricsCollector } from "./metrics-collector.ts";

const NOOP_PROVIDER: MeterProvider = { getMeter: () => createNoopMeter() };

/** The first handles are kept. Programs that make up names without end get a new one each time. */
const MAX_HANDLES = 10_000;

const elapsedMillis = (): number => performance.now();

/**
 * The whole monitor: measures agents and the system, forecasts all series, and publishes the
 * metrics and the forecasts.
 */
export class PerformanceMonitor extends MetricsCollector {
  /** Records single tasks, failures and recoveries that the application measures itself. */
  readonly tracker: AgentSuccessTracker;
  readonly #agents = new Map<string, AgentHandle>();

  /**
   * @throws TypeError if an option is invalid. The message names the option and what was expected.
   */
  constructor(options: ForecastOptions = {}) {
    super(options);
    this.tracker = new AgentSuccessTracker(this.runtime.pipeline.instruments);
  }

  /** The agent of this name. Run its tasks with `agent.task()`. */
  agent(name: string): AgentHandle {
    let agent = this.#agents.get(name);
    if (agent === undefined) {
      agent = new AgentHandle(name, this.runtime.pipeline.instruments.recorder, elapsedMillis);
      if (this.#agents.size < MAX_HANDLES) this.#agents.set(name, agent);
    }
    return agent;
  }

  /** Records a task that has ended. `executionTime` is in seconds. */
  recordTaskResult(record: TaskRecord): void {
    this.tracker.recordTask(record);
  }

  /** Records a failure and its recovery together. `recoveryTime` is in seconds. */
  recordFailureRecovery(record: FailureRecovery): void {
    this.tracker.recordFailureRecovery(record);
  }

  /** The performance of an agent: rates, percentiles, open failures, and the same by task type. */
  getPerformanceSummary(agentName: string): AgentPerformance {
    return this.tracker.calculatePerformance(agentName);
  }

  /**
   * Observes the agents of the supported frameworks. `--import otel-forecast/register` does this
   * automatically.
   *
   * @returns a function that stops it.
   */
  observeFrameworks(): () => void {
    return this.calls.run(
      "observeFrameworks",
      () => observeFrameworks(this.runtime),
      () => {},
    );
  }

  /**
   * A span processor that recognises agents in spans. Add it to the processors of the application's
   * own `NodeSDK` or `TracerProvider`. It sees the spans that the sampler records. To see all, wrap
   * the sampler in the SDK's `createAlwaysRecordSampler`. Use it in one provider only.
   */
  spanProcessor(): SpanProcessor {
    return agentSpanProcessor(this.runtime);
  }

  /** The names of the known agents. */
  get agentNames(): string[] {
    return this.runtime.pipeline.instruments.book.agentNames;
  }

  /**
   * A meter provider. Its instruments are forecast and exported together with the monitor's own. If
   * another provider has the readers already, its instruments record nothing.
   */
  get meterProvider(): MeterProvider {
    return this.calls.run("meterProvider", () => this.runtime.exporters.guardedProvider, NOOP_PROVIDER);
  }

  /**
   * Metric readers. Add them to the readers of the application's own `NodeSDK` or `MeterProvider`,
   * and its instruments are forecast. Use them in one provider only: a second call returns none.
   */
  metricReaders(): IMetricReader[] {
    return this.calls.run("metricReaders", () => this.runtime.exporters.takeReaders(), []);
  }

  /**
   * The metrics and forecasts as a producer (`metricProducers`), for readers of the application
   * that export them too. Its counters and histograms are totals since the start.
   */
  get metricProducer(): MetricProducer {
    return this.runtime.pipeline.producer;
  }

  /**
   * The same producer, with counters and histograms in the temporality that an exporter prefers.
   * Create one for each reader.
   */
  metricProducerFor(exporter: Pick<PushMetricExporter, "selectAggregationTemporality">): MetricProducer {
    return new PreferredTemporality([this.metricProducer], temporalityOf(exporter));
  }
}

/**
 * Adds forecasts to a `NodeSDK` or `MeterProvider`: starts a monitor and returns its readers. Put
 * them beside the application's own:
 *
 *     new NodeSDK({ metricReaders: [mine, ...forecastReaders()] })
 *
 * @throws TypeError if an option is invalid. The message names the option and what was expected.
 */
export function forecastReaders(options: ForecastOptions = {}): IMetricReader[] {
  const monitor = new PerformanceMonitor(options);
  const readers = monitor.metricReaders();
  void monitor.start();
  return readers;
}
