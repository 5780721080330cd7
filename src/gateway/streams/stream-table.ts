import * as v from "valibot";
import type { MeasuredMetric } from "../../core/measured-metric.ts";
import type { MetricHeader, PointIntake } from "../../core/point-intake.ts";
import { Pace, type Steps } from "../../core/yielding-runner.ts";
import type { Moment } from "../../measure/monitor-clock.ts";
import type { StateRecord } from "../state/state-record.ts";
import { TenantNames } from "../tenant-names.ts";
import { MetricStreams, metricId } from "./metric-streams.ts";
import type { IntakePartition } from "./partition-intake.ts";
import { type SavedStream, savedStream } from "./saved-stream.ts";
import type { Stream } from "./stream.ts";
import type { StreamTableOptions } from "./stream-table-options.ts";
import { TenantIntake } from "./tenant-intake.ts";

/** What is saved of a stream. */
export interface StreamRecord extends StateRecord {
  /** The partition that its points come from. */
  readonly partition: number | undefined;
}

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
  readonly #names = new TenantNames();
  readonly #tenants = new Map<string | undefined, TenantIntake>();
  readonly #partitions = new Map<number, Map<string | undefined, TenantIntake>>();
  readonly #streamsOf = new Map<string | undefined, Set<Stream>>();

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

  /**
   * The number of streams without a tenant, and of each tenant that has any. Those that have just ended
   * count for some minutes.
   */
  *sizes(): Iterable<readonly [tenant: string | undefined, streams: number]> {
    yield [undefined, this.#streamsOf.get(undefined)?.size ?? 0];
    for (const [tenant, { size }] of this.#streamsOf)
      if (tenant !== undefined && size > 0) yield [tenant, size];
  }

  /** Where the points of a tenant go. Without a tenant, their series have no label of one. */
  intakeFor(tenant?: string): PointIntake {
    return this.#intakeIn(this.#tenants, tenant, undefined);
  }

  /** Where the points of a tenant go that come from a partition of a topic. */
  intakeFrom(partition: IntakePartition, tenant?: string): PointIntake {
    return this.#intakeIn(this.#tenantsOf(partition.number), tenant, partition);
  }

  /** Forgets the streams of a partition. */
  forgetPartition(partition: number): void {
    this.#partitions.delete(partition);
    for (const [id, metric] of this.#metrics) {
      metric.forgetPartition(partition);
      if (metric.size === 0) this.#metrics.delete(id);
    }
    for (const streams of this.#streamsOf.values())
      for (const stream of streams) if (stream.partition === partition) streams.delete(stream);
  }

  /** What is saved of all streams. Each record is made when it is written. */
  *records(): Iterable<StreamRecord> {
    for (const [metric, { header, streams }] of this.#metrics)
      for (const stream of streams) {
        if (stream.hasEnded) continue;
        const { id, labels, source, version, partition, tenant } = stream;
        const data = (): SavedStream => ({
          ...(tenant === undefined ? {} : { tenant }),
          header,
          id,
          labels,
          source,
          state: stream.state(),
        });
        yield {
          kind: "stream",
          id: `${metric}\u0000${id}`,
          partition,
          data,
          ...(version === undefined ? {} : { version }),
        };
      }
  }

  /**
   * Goes on with a stream where it was saved. Returns `false` if it can't.
   *
   * @param partition that it was saved with; `undefined`: its points came by another way.
   */
  restore(saved: unknown, partition?: IntakePartition): boolean {
    if (!v.is(savedStream, saved)) return false;
    const tenants = partition === undefined ? this.#tenants : this.#tenantsOf(partition.number);
    return this.#intakeIn(tenants, saved.tenant, partition).restore(saved);
  }

  /** Each stream is reported at the next collection, which is under another configuration. */
  goOn(): void {
    for (const { streams } of this.#metrics.values()) for (const stream of streams) stream.goOn();
  }

  /**
   * Takes note that streams could not be heard while the last process was gone, and this one not there.
   *
   * @param partition that they come from; `undefined`: they come by another way.
   */
  excuse(millis: number, partition?: number): void {
    for (const { streams } of this.#metrics.values())
      for (const stream of streams) if (stream.partition === partition) stream.excuse(millis);
  }

  /**
   * Takes note that the clock of this machine was set, or that this process was paused. Neither is a silence of
   * the senders.
   */
  follow({ stepMillis, pausedMillis }: Pick<Moment, "stepMillis" | "pausedMillis">): void {
    if (stepMillis === 0 && pausedMillis === 0) return;
    const now = this.#options.now();
    for (const { streams } of this.#metrics.values())
      for (const stream of streams) {
        if (stepMillis !== 0) stream.shift(stepMillis, now);
        stream.excuse(pausedMillis);
      }
  }

  /** Until it is sure that the clock was set, the earlier time: by that one, nobody is silent who is not. */
  get #now(): number {
    const { now, followedNow = now } = this.#options;
    return Math.min(now(), followedNow());
  }

  #tenantsOf(partition: number): Map<string | undefined, TenantIntake> {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const tenants = new Map<string | undefined, TenantIntake>();
    this.#partitions.set(partition, tenants);
    return tenants;
  }

  #intakeIn(
    tenants: Map<string | undefined, TenantIntake>,
    named: string | undefined,
    partition: IntakePartition | undefined,
  ): TenantIntake {
    const tenant = this.#names.of(named);
    const known = tenants.get(tenant);
    if (known !== undefined) return known;
    const streams = this.#streamsOf.get(tenant) ?? new Set<Stream>();
    this.#streamsOf.set(tenant, streams);
    const intake = new TenantIntake(tenant, {
      options: this.#options,
      startedAt: this.#startedAt,
      streams,
      partition,
      metricOf: (header) => this.#metricOf(header),
    });
    tenants.set(tenant, intake);
    return intake;
  }

  /** What was measured since the previous call. */
  *collect(): Steps<MeasuredMetric[]> {
    const now = this.#now;
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
    const { expiryMillis, staleMillis } = this.#options;
    const now = this.#now;
    for (const [id, metric] of this.#metrics) {
      metric.expire(now - expiryMillis, now - staleMillis);
      if (metric.size === 0) this.#metrics.delete(id);
    }
    for (const tenants of [this.#tenants, ...this.#partitions.values()])
      for (const intake of tenants.values()) intake.forgetEnded();
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
