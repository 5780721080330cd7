import type { MetricHeader, MetricIntake, ResourceIntake, StreamIntake } from "../../core/point-intake.ts";
import { type Labels, seriesId } from "../../core/series-key.ts";
import { type MetricStreams, metricId } from "./metric-streams.ts";
import { streamLabels, targetLabels } from "./source-labels.ts";
import type { DroppedReason, Stream } from "./stream.ts";

/** The streams of one tenant. */
export interface StreamsOfTenant {
  metricOf(header: MetricHeader): MetricStreams;
  /** The label that names the tenant; none without a tenant. */
  readonly tenantLabels: Labels;
  /** The stream with this identity: a known one, a new one, or `undefined` if there is no room. */
  streamOf(
    metric: MetricStreams,
    id: string,
    labels: Labels,
    resource: Labels,
  ): Stream | "not owned" | undefined;
  dropped(reason: DroppedReason): void;
}

/** A sender that describes its metrics in ever different words does not fill the memory. */
const MAX_METRIC_KEYS = 20_000;

/** Takes the points of one resource. */
export class ResourceStreams implements ResourceIntake {
  readonly #tenant: StreamsOfTenant;
  readonly #resource: Labels;
  readonly #target: Labels;
  readonly #id: string;
  /** By their identity, of which the description is no part. */
  readonly #metrics = new Map<string, MetricOfResource>();
  /** The same by the keys that senders use for them. */
  readonly #keys = new Map<string, MetricOfResource>();

  constructor(tenant: StreamsOfTenant, resource: Labels) {
    this.#tenant = tenant;
    this.#resource = resource;
    this.#target = targetLabels(resource);
    // The label of the tenant is part of the identity.
    const labels = { ...this.#target, ...tenant.tenantLabels };
    this.#id = seriesId({ metric: seriesId({ metric: "", labels: resource }), labels });
  }

  metric(key: string, read: () => MetricHeader): MetricIntake {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const header = read();
    const id = metricId(header);
    const metric = this.#metrics.get(id) ?? new MetricOfResource(header, this);
    this.#metrics.set(id, metric);
    if (this.#keys.size >= MAX_METRIC_KEYS) this.#keys.clear();
    this.#keys.set(key, metric);
    return metric;
  }

  streamOf(header: MetricHeader, attributes: Labels): Stream | "not owned" | undefined {
    const id = seriesId({ metric: this.#id, labels: attributes });
    const labels = streamLabels(this.#target, attributes, this.#tenant.tenantLabels);
    return this.#tenant.streamOf(this.#tenant.metricOf(header), id, labels, this.#resource);
  }

  notOwned(): void {
    this.#tenant.dropped("not_owned");
  }

  /** Forgets the streams that have ended. Returns whether any is left. */
  forgetEnded(): boolean {
    for (const [id, metric] of this.#metrics) if (!metric.forgetEnded()) this.#metrics.delete(id);
    for (const [key, metric] of this.#keys) if (metric.isEmpty) this.#keys.delete(key);
    return this.#metrics.size > 0;
  }
}

/** A sender that writes its attributes in ever different bytes does not fill the memory. */
const MAX_KEYS = 1_000_000;

/** The points of another member's streams come here, and are only counted. */
type Elsewhere = StreamIntake & { readonly hasEnded: false; readonly isElsewhere: true };

/** Takes the points of one metric of one resource. */
class MetricOfResource implements MetricIntake {
  readonly header: MetricHeader;
  readonly #resource: ResourceStreams;
  readonly #streams = new Map<string, Stream | Elsewhere>();

  constructor(header: MetricHeader, resource: ResourceStreams) {
    this.header = header;
    this.#resource = resource;
  }

  stream(key: string, read: () => Labels): StreamIntake | undefined {
    const known = this.#streams.get(key);
    // A stream that has ended may begin again. It may have left its metric, so it is looked up anew.
    if (known?.hasEnded === false) return known;
    const stream = this.#resource.streamOf(this.header, read());
    if (stream === undefined) return undefined;
    const taken = stream === "not owned" ? this.#elsewhere() : stream;
    if (this.#streams.size >= MAX_KEYS) this.#streams.clear();
    this.#streams.set(key, taken);
    return taken;
  }

  get isEmpty(): boolean {
    return this.#streams.size === 0;
  }

  /** Forgets the streams that have ended. Returns whether any is left. */
  forgetEnded(): boolean {
    for (const [key, stream] of this.#streams)
      if (stream.hasEnded || "isElsewhere" in stream) this.#streams.delete(key);
    return !this.isEmpty;
  }

  #elsewhere(): Elsewhere {
    const count = (): void => this.#resource.notOwned();
    return { number: count, histogram: count, end: () => {}, hasEnded: false, isElsewhere: true };
  }
}
