import type { MetricHeader, PointIntake, ResourceIntake } from "../../core/point-intake.ts";
import { type Labels, seriesId } from "../../core/series-key.ts";
import type { MetricStreams } from "./metric-streams.ts";
import type { IntakePartition } from "./partition-intake.ts";
import { ResourceStreams, type StreamsOfTenant } from "./resource-streams.ts";
import type { SavedStream } from "./saved-stream.ts";
import type { DroppedReason, Stream, StreamSurroundings } from "./stream.ts";
import type { StreamTableOptions } from "./stream-table-options.ts";

/** What was read of a sender is looked through for what has ended, at most every so often. */
const FORGETTING_INTERVAL_MILLIS = 60_000;
/** A sender that writes its resource in ever different bytes does not fill the memory. */
const MAX_RESOURCE_KEYS = 200_000;

interface TenantParts {
  readonly options: StreamTableOptions;
  readonly startedAt: number;
  /** The streams of the tenant, by whatever way they come. */
  readonly streams: Set<Stream>;
  readonly partition: IntakePartition | undefined;
  metricOf(header: MetricHeader): MetricStreams;
}

/** Takes the points of one tenant. */
export class TenantIntake implements PointIntake, StreamSurroundings, StreamsOfTenant {
  readonly startedAt: number;
  readonly windowMillis: number;
  readonly tenant: string | undefined;
  readonly tenantLabels: Labels;
  readonly #parts: TenantParts;
  readonly #resources = new Map<string, ResourceStreams>();
  #forgottenAt = 0;

  constructor(tenant: string | undefined, parts: TenantParts) {
    this.tenant = tenant;
    this.#parts = parts;
    this.startedAt = parts.partition?.startedAt ?? parts.startedAt;
    this.windowMillis = parts.options.windowMillis;
    this.tenantLabels = tenant === undefined ? {} : { [parts.options.tenantLabel]: tenant };
  }

  get partition(): number | undefined {
    return this.#parts.partition?.number;
  }

  now(): number {
    return this.#parts.options.now();
  }

  dropped(reason: DroppedReason): void {
    this.#parts.options.dropped(reason, this.tenant);
  }

  resource(key: string, read: () => Labels): ResourceIntake {
    const known = this.#resources.get(key);
    if (known !== undefined) return known;
    if (this.#resources.size >= MAX_RESOURCE_KEYS) this.#resources.clear();
    const resource = new ResourceStreams(this, read());
    this.#resources.set(key, resource);
    return resource;
  }

  metricOf(header: MetricHeader): MetricStreams {
    return this.#parts.metricOf(header);
  }

  /** The stream with this identity: a known one, a new one, or `undefined` if there is no room. */
  streamOf(
    metric: MetricStreams,
    id: string,
    labels: Labels,
    resource: Labels,
  ): Stream | "not owned" | undefined {
    const known = metric.find(id);
    if (known !== undefined) return known;
    const { owns, maxStreams, hasMemory } = this.#parts.options;
    // Who forecasts what comes from a partition is who the partition is assigned to.
    if (this.partition === undefined && owns?.(seriesId({ metric: metric.header.name, labels })) === false)
      return "not owned";
    if (this.#parts.streams.size >= maxStreams) return this.#refuse("too_many_streams");
    if (hasMemory?.() === false) return this.#refuse("too_little_memory");
    return this.#add(metric, id, labels, resource);
  }

  /** Goes on with a stream where it was saved. Returns `false` if it can't. */
  restore({ header, id, labels, source, state }: SavedStream): boolean {
    const metric = this.metricOf(header);
    // What is received already is newer.
    if (metric.find(id) !== undefined) return true;
    const { owns } = this.#parts.options;
    if (this.partition === undefined && owns?.(seriesId({ metric: header.name, labels })) === false)
      return true;
    return this.#add(metric, id, labels, source).goOnFrom(state);
  }

  #add(metric: MetricStreams, id: string, labels: Labels, resource: Labels): Stream {
    const stream = metric.add(id, labels, resource, this);
    this.#parts.streams.add(stream);
    this.#parts.partition?.found(labels);
    return stream;
  }

  #refuse(reason: DroppedReason): undefined {
    this.dropped(reason);
  }

  /** Makes room where streams have ended. */
  forgetEnded(): void {
    const now = this.now();
    // The clock may have been set back since.
    if (Math.abs(now - this.#forgottenAt) < FORGETTING_INTERVAL_MILLIS) return;
    this.#forgottenAt = now;
    for (const stream of this.#parts.streams) if (stream.isForgotten) this.#parts.streams.delete(stream);
    for (const [key, resource] of this.#resources) if (!resource.forgetEnded()) this.#resources.delete(key);
  }
}
