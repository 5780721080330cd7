import type { MeterProvider } from "@opentelemetry/api";
import type { IMetricReader, MetricProducer } from "@opentelemetry/sdk-metrics";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { FailureRecovery, TaskRecord } from "../agents/events.ts";
import type { AgentPerformance } from "../agents/performance.ts";
import type { ForecastOptions } from "../config/options.ts";
import { agentSpanProcessor } from "../run/agent-span-processor.ts";
import { observeFrameworks } from "../run/observe-frameworks.ts";
import { AgentHandle } from "./agent-handle.ts";
import { AgentSuccessTracker } from "./agent-success-tracker.ts";
import { MetricsCollector } from "./metrics-collector.ts";

/** Handles that are kept; a program that makes up names without end is given new ones. */
const MOST_HANDLES = 10_000;

/** Everything in one: measures agents and the system under them, forecasts each series, publishes both. */
export class PerformanceMonitor extends MetricsCollector {
  /** Keeps account of tasks, failures and recoveries one by one. */
  readonly tracker: AgentSuccessTracker;
  readonly #agents = new Map<string, AgentHandle>();

  /** @throws TypeError that names the option that is wrong and what was expected. */
  constructor(options: ForecastOptions = {}) {
    super(options);
    this.tracker = new AgentSuccessTracker(this.runtime.pipeline.instruments);
  }

  /** The agent of that name, through which its tasks are run and measured. */
  agent(name: string): AgentHandle {
    let agent = this.#agents.get(name);
    if (agent === undefined) {
      agent = new AgentHandle(name, this.runtime.pipeline.instruments.recorder, () => performance.now());
      if (this.#agents.size >= MOST_HANDLES) this.#agents.clear();
      this.#agents.set(name, agent);
    }
    return agent;
  }

  /** A task as it ended; `executionTime` in seconds. */
  recordTaskResult(record: TaskRecord): void {
    this.tracker.recordTask(record);
  }

  /** A failure and its recovery in one; `recoveryTime` in seconds. */
  recordFailureRecovery(record: FailureRecovery): void {
    this.tracker.recordFailureRecovery(record);
  }

  /** How an agent does: rates, percentiles, open failures, by task type. */
  getPerformanceSummary(agentName: string): AgentPerformance {
    return this.tracker.calculatePerformance(agentName);
  }

  /**
   * Shows the agents of the frameworks that are known as agents of this monitor, as `--import otel-forecast/register`
   * does by itself, until the function that comes back is called.
   */
  observeFrameworks(): () => void {
    return observeFrameworks(this.runtime);
  }

  /**
   * A span processor for a `NodeSDK` or `TracerProvider` that the application builds: give it beside its own, and the
   * agents that spans tell of are shown. It sees what the sampler records; `createAlwaysRecordSampler` of the SDK around
   * the sampler lets it see all. It can be given to one provider.
   */
  spanProcessor(): SpanProcessor {
    return agentSpanProcessor(this.runtime);
  }

  /** Names of the agents that are known now. */
  get agentNames(): string[] {
    return this.runtime.pipeline.instruments.book.agentNames;
  }

  /** A meter provider whose instruments are forecast and exported with ours. */
  get meterProvider(): MeterProvider {
    return this.runtime.exporters.guardedProvider;
  }

  /**
   * Readers for a `NodeSDK` or `MeterProvider` that the application builds: give them beside its own, and its
   * instruments are forecast. They can be given to one provider.
   */
  metricReaders(): IMetricReader[] {
    return this.runtime.exporters.takeReaders();
  }

  /** What we publish, for a reader of the application's own (`metricProducers`), so that its exporter carries it too. */
  get metricProducer(): MetricProducer {
    return this.runtime.pipeline.producer;
  }
}
