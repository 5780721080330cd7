import type { MetricHeader, MetricIntake, PointIntake, ResourceIntake } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";
import { Pace, type Steps } from "../../core/yielding-runner.ts";
import { FieldBytes } from "../field-bytes.ts";
import { tagOf, WIRE } from "../protobuf-fields.ts";
import { ProtobufReader } from "../protobuf-reader.ts";
import { type ExportResult, MAX_ATTRIBUTES, MAX_PART_BYTES, type Rejection } from "./export-result.ts";
import { headerOf } from "./metric-header.ts";
import { labelsOfProtobuf } from "./protobuf-attributes.ts";
import { ProtobufMetric } from "./protobuf-metric.ts";
import { ProtobufPoints } from "./protobuf-points.ts";
import { ExplicitMessage, ExponentialMessage, NumberMessage } from "./protobuf-values.ts";

// Fields of ExportMetricsServiceRequest, ResourceMetrics, Resource, ScopeMetrics, InstrumentationScope,
// and of the data of a metric.
const RESOURCE_METRICS = tagOf(1, WIRE.bytes);
const RESOURCE = tagOf(1, WIRE.bytes);
const ATTRIBUTES = tagOf(1, WIRE.bytes);
const SCOPE_METRICS = tagOf(2, WIRE.bytes);
const SCOPE = tagOf(1, WIRE.bytes);
const SCOPE_NAME = tagOf(1, WIRE.bytes);
const METRIC = tagOf(2, WIRE.bytes);
const POINT = tagOf(1, WIRE.bytes);

/** The most bytes that are read between two looks at the clock, unless one message has more. */
const BYTES_BETWEEN = 65_536;

/**
 * Reads an `ExportMetricsServiceRequest` and hands its points to an intake. It yields now and then.
 *
 * @param result counts the points. Those before malformed bytes are taken.
 * @throws MalformedMessage if the bytes are not such a message.
 */
export function decodeProtobuf(bytes: Uint8Array, intake: PointIntake, result: ExportResult): Steps<void> {
  return new Decoder(bytes, intake, result).decode();
}

/** Opens the resource, the metric and the streams only for points that can be taken. */
class Decoder {
  readonly #reader: ProtobufReader;
  readonly #intake: PointIntake;
  readonly #result: ExportResult;
  readonly #pace = new Pace();
  #dueAt = BYTES_BETWEEN;
  readonly #numbers: ProtobufPoints;
  readonly #explicit: ProtobufPoints;
  readonly #exponential: ProtobufPoints;
  readonly #attributes: FieldBytes;
  readonly #scope: FieldBytes;
  readonly #metric: ProtobufMetric;
  #scopeKey: string | undefined;
  #resourceIntake: ResourceIntake | undefined;
  #metricIntake: MetricIntake | undefined;
  #rejection: Rejection | undefined;

  constructor(bytes: Uint8Array, intake: PointIntake, result: ExportResult) {
    const reader = new ProtobufReader(bytes);
    this.#reader = reader;
    this.#intake = intake;
    this.#result = result;
    this.#numbers = new ProtobufPoints(new NumberMessage(), reader, result);
    this.#explicit = new ProtobufPoints(new ExplicitMessage(), reader, result);
    this.#exponential = new ProtobufPoints(new ExponentialMessage(), reader, result);
    this.#attributes = new FieldBytes(reader);
    this.#scope = new FieldBytes(reader);
    this.#metric = new ProtobufMetric(reader);
  }

  *decode(): Steps<void> {
    const reader = this.#reader;
    while (reader.find(RESOURCE_METRICS)) {
      const outer = reader.enter();
      this.#beginResource();
      while (reader.find(SCOPE_METRICS)) {
        const resource = reader.enter();
        this.#beginScope();
        yield* this.#metrics();
        reader.leave(resource);
        if (this.#isDue()) yield;
      }
      reader.leave(outer);
      if (this.#isDue()) yield;
    }
  }

  /** Reads the metrics of a scope. */
  *#metrics(): Steps<void> {
    const reader = this.#reader;
    while (reader.find(METRIC)) {
      const scope = reader.enter();
      if (this.#beginMetric()) {
        const metric = reader.enter();
        while (reader.find(POINT)) {
          this.#readPoint();
          if (this.#isDue()) yield;
        }
        reader.leave(metric);
      }
      reader.leave(scope);
      if (this.#isDue()) yield;
    }
  }

  /** Whether to yield: after some points or metrics, or many bytes. */
  #isDue(): boolean {
    const { position } = this.#reader;
    if (!this.#pace.isDue() && position < this.#dueAt) return false;
    this.#dueAt = position + BYTES_BETWEEN;
    return true;
  }

  /** Finds the resource, which may stand anywhere in its message. */
  #beginResource(): void {
    const reader = this.#reader;
    const start = reader.position;
    this.#resourceIntake = undefined;
    this.#attributes.clear();
    while (reader.find(RESOURCE)) {
      const outer = reader.enter();
      this.#attributes.addAll(ATTRIBUTES);
      reader.leave(outer);
    }
    reader.rewind(start);
  }

  /** Finds the scope, which may stand anywhere in its message. */
  #beginScope(): void {
    const start = this.#reader.position;
    this.#scope.clear();
    this.#scope.addAll(SCOPE);
    this.#reader.rewind(start);
    this.#scopeKey = undefined;
  }

  /** Goes to the data of the metric. `false`: it has none. */
  #beginMetric(): boolean {
    if (!this.#metric.find()) return false;
    this.#metricIntake = undefined;
    const isTooLarge =
      this.#attributes.count > MAX_ATTRIBUTES ||
      this.#attributes.length > MAX_PART_BYTES ||
      this.#scope.length > MAX_PART_BYTES;
    this.#rejection = isTooLarge ? "oversized" : this.#metric.rejection;
    return true;
  }

  #readPoint(): void {
    const { data } = this.#metric;
    if (data !== "summary" && this.#rejection === undefined) {
      this.#metricIntake ??= this.#openMetric();
      if (data === "histogram") this.#explicit.read(this.#metricIntake);
      else if (data === "exponential") this.#exponential.read(this.#metricIntake);
      else this.#numbers.read(this.#metricIntake);
      return;
    }
    this.#reader.skip(POINT);
    if (this.#rejection === undefined) this.#result.summaries += 1;
    else this.#result.reject(this.#rejection);
  }

  #openMetric(): MetricIntake {
    this.#resourceIntake ??= this.#intake.resource(this.#attributes.key(), this.#readResource);
    this.#scopeKey ??= `${this.#scope.length} ${this.#scope.key()}`;
    return this.#resourceIntake.metric(this.#scopeKey + this.#metric.key(), this.#readHeader);
  }

  readonly #readResource = (): Labels =>
    labelsOfProtobuf(this.#attributes.reader(), ATTRIBUTES, this.#result.countCut);

  readonly #readHeader = (): MetricHeader =>
    headerOf(this.#scopeName(), this.#metric.texts(), this.#metric, this.#result);

  #scopeName(): string {
    const reader = this.#scope.reader();
    let name = "";
    while (reader.find(SCOPE)) {
      const outer = reader.enter();
      while (reader.find(SCOPE_NAME)) name = reader.text();
      reader.leave(outer);
    }
    return name;
  }
}
