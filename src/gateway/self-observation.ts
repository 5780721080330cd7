import type { Meter, ObservableResult } from "@opentelemetry/api";
import { GATEWAY_METRICS } from "../metrics/gateway-metrics.ts";
import type { OwnMetric } from "../metrics/own-metric.ts";
import { createObservableCounter, createObservableGauge } from "../otel/create-instrument.ts";
import { TenantNames } from "./tenant-names.ts";

/** What the gauges of a gateway show when they are read; `undefined`: nothing. */
export interface GatewayState {
  /** The streams of each tenant; `undefined` is that of requests that name none. */
  streams(): Iterable<readonly [tenant: string | undefined, streams: number]>;
  backfillPending(): number;
  oldestForecastAgeSeconds(): number | undefined;
  stateBytes(): number | undefined;
  isConfigurationGood(): boolean;
  /** Epoch seconds. */
  configuredAt(): number;
  /** How many records of each partition of Kafka are not read yet. */
  kafkaLags(): Iterable<readonly [partition: number, records: number]>;
}

type Labels = Readonly<Record<string, string>>;

/** Counts what a gateway receives and leaves out. It outlives a change of the configuration. */
export class GatewayCounts {
  readonly #tenantLabel: string;
  readonly #tenants = new TenantNames();
  readonly #received = new Counts();
  readonly #refused = new Counts();
  readonly #dropped = new Counts();
  readonly #kafkaRecords = new Counts();
  readonly #kafkaCommits = new Counts();
  readonly #kafkaRebalances = new Counts();

  /** @param tenantLabel the label that names the tenant. Counts without a tenant do not have it. */
  constructor(tenantLabel: string) {
    this.#tenantLabel = tenantLabel;
  }

  received(receiver: string, points: number, tenant?: string): void {
    this.#received.add({ ...this.#labelsOf(tenant), receiver }, points);
  }

  refused(receiver: string, reason: string, count = 1, tenant?: string): void {
    this.#refused.add({ ...this.#labelsOf(tenant), receiver, reason }, count);
  }

  dropped(reason: string, count = 1, tenant?: string): void {
    this.#dropped.add({ ...this.#labelsOf(tenant), reason }, count);
  }

  kafkaRecords(count: number): void {
    this.#kafkaRecords.add({}, count);
  }

  kafkaCommitted(): void {
    this.#kafkaCommits.add({}, 1);
  }

  kafkaRebalanced(): void {
    this.#kafkaRebalances.add({}, 1);
  }

  /** Publishes the counts, and the state, as metrics of a meter. */
  publish(meter: Meter, state: GatewayState): void {
    const counts: readonly (readonly [OwnMetric, Counts])[] = [
      [GATEWAY_METRICS.received, this.#received],
      [GATEWAY_METRICS.refused, this.#refused],
      [GATEWAY_METRICS.dropped, this.#dropped],
      [GATEWAY_METRICS.kafkaRecords, this.#kafkaRecords],
      [GATEWAY_METRICS.kafkaCommits, this.#kafkaCommits],
      [GATEWAY_METRICS.kafkaRebalances, this.#kafkaRebalances],
    ];
    for (const [metric, of] of counts)
      createObservableCounter(meter, metric).addCallback((result) => of.observe(result));
    const gauge = (metric: OwnMetric, read: () => number | undefined): void => {
      createObservableGauge(meter, metric).addCallback((result) => {
        const value = read();
        if (value !== undefined) result.observe(value);
      });
    };
    createObservableGauge(meter, GATEWAY_METRICS.kafkaLag).addCallback((result) => {
      for (const [partition, records] of state.kafkaLags())
        result.observe(records, { partition: String(partition) });
    });
    createObservableGauge(meter, GATEWAY_METRICS.streams).addCallback((result) => {
      for (const [tenant, streams] of state.streams()) result.observe(streams, this.#labelsOf(tenant));
    });
    gauge(GATEWAY_METRICS.backfillPending, () => state.backfillPending());
    gauge(GATEWAY_METRICS.oldestForecastAge, () => state.oldestForecastAgeSeconds());
    gauge(GATEWAY_METRICS.stateBytes, () => state.stateBytes());
    gauge(GATEWAY_METRICS.lastReloadSuccessful, () => (state.isConfigurationGood() ? 1 : 0));
    gauge(GATEWAY_METRICS.lastReloadSuccess, () => state.configuredAt());
  }

  #labelsOf(tenant: string | undefined): Labels {
    const name = this.#tenants.of(tenant);
    return name === undefined ? {} : { [this.#tenantLabel]: name };
  }
}

/** Counts by labels. */
class Counts {
  readonly #entries = new Map<string, { readonly labels: Labels; count: number }>();

  add(labels: Labels, count: number): void {
    const id = Object.values(labels).join("\u0000");
    const known = this.#entries.get(id);
    if (known === undefined) this.#entries.set(id, { labels, count });
    else known.count += count;
  }

  observe(result: ObservableResult): void {
    for (const { labels, count } of this.#entries.values()) result.observe(count, labels);
  }
}
