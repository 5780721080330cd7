import type { MeasuredMetric } from "../../core/measured-metric.ts";
import type { MetricHeader, PointIntake } from "../../core/point-intake.ts";
import { Pace, type Steps } from "../../core/yielding-runner.ts";
import { MetricStreams, metricId } from "./metric-streams.ts";
import type { StreamTableOptions } from "./stream-table-options.ts";
import { TenantIntake } from "./tenant-intake.ts";

const MAX_TENANTS = 1000;
/** The tenant of all that are too many. */
const OTHER_TENANTS = "others";

/**
 * All streams that other processes send, until the next collection. A stream is what OpenTelemetry
 * calls one: resource, scope, metric and attributes. Totals are differenced stream by stream, before
 * the views sum anything.
 *
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#timeseries-model
 */
export class StreamTable {
  readonly #options: StreamTableOptions;
  readonly #startedAt: number;
  readonly #metrics = new Map<string, MetricStreams>();
  readonly #tenants = new Map<string | undefined, TenantIntake>();

  constructor(options: StreamTableOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  /** The number of streams that are known. */
  get size(): number {
    let size = 0;
    for (const { size: ofMetric } of this.#metrics.values()) size += ofMetric;
    return size;
  }

  /** Where the points of a tenant go. Without a tenant, their series have no label of one. */
  intakeFor(tenant?: string): PointIntake {
    let intake = this.#tenants.get(tenant);
    if (intake === undefined) {
      // Whoever names ever different tenants does not fill the memory.
      if (this.#tenants.size >= MAX_TENANTS && tenant !== OTHER_TENANTS) return this.intakeFor(OTHER_TENANTS);
      intake = new TenantIntake(tenant, {
        options: this.#options,
        startedAt: this.#startedAt,
        metricOf: (header) => this.#metricOf(header),
      });
      this.#tenants.set(tenant, intake);
    }
    return intake;
  }

  /** What was measured since the previous call. */
  *collect(): Steps<MeasuredMetric[]> {
    const now = this.#options.now();
    const pace = new Pace(1);
    const measured: MeasuredMetric[] = [];
    for (const metric of this.#metrics.values()) {
      const reported = metric.report(now - this.#options.staleMillis);
      if (reported.points.length > 0) measured.push(reported);
      if (pace.isDue()) yield;
    }
    return measured;
  }

  /** Forgets the streams that have ended. Call it after each collection. */
  expire(): void {
    const silentSince = this.#options.now() - this.#options.expiryMillis;
    for (const [id, metric] of this.#metrics) {
      metric.expire(silentSince);
      if (metric.size === 0) this.#metrics.delete(id);
    }
    for (const intake of this.#tenants.values()) intake.forgetEnded();
  }

  #metricOf(header: MetricHeader): MetricStreams {
    const id = metricId(header);
    let metric = this.#metrics.get(id);
    if (metric === undefined) {
      metric = new MetricStreams(header);
      this.#metrics.set(id, metric);
    }
    return metric;
  }
}
