import { FieldBytes } from "../field-bytes.ts";
import { tagOf, WIRE } from "../protobuf-fields.ts";
import type { ProtobufReader } from "../protobuf-reader.ts";
import { MAX_PART_BYTES, type Rejection } from "./export-result.ts";
import {
  type Aggregation,
  aggregates,
  type MetricData,
  type MetricTexts,
  temporalityOf,
} from "./metric-header.ts";

// Fields of Metric, and of Sum, Histogram and ExponentialHistogram.
const NAME = tagOf(1, WIRE.bytes);
const DESCRIPTION = tagOf(2, WIRE.bytes);
const UNIT = tagOf(3, WIRE.bytes);
const TEMPORALITY = tagOf(2, WIRE.varint);
const IS_MONOTONIC = tagOf(3, WIRE.varint);

const DATA = new Map<number, MetricData>([
  [tagOf(5, WIRE.bytes), "gauge"],
  [tagOf(7, WIRE.bytes), "sum"],
  [tagOf(9, WIRE.bytes), "histogram"],
  [tagOf(10, WIRE.bytes), "exponential"],
  [tagOf(11, WIRE.bytes), "summary"],
]);

/** What a metric says of itself beside its points. */
export class ProtobufMetric implements Aggregation {
  readonly #reader: ProtobufReader;
  readonly #texts: FieldBytes;
  #nameLength = 0;
  data: MetricData = "gauge";
  isMonotonic = false;
  /** As a number of the enumeration. */
  #temporality = 0;

  constructor(reader: ProtobufReader) {
    this.#reader = reader;
    this.#texts = new FieldBytes(reader);
  }

  get temporality(): Aggregation["temporality"] {
    return temporalityOf(this.#temporality);
  }

  /** Why no point of the metric can be taken. */
  get rejection(): Rejection | undefined {
    if (this.#nameLength === 0) return "no_name";
    if (this.#texts.length > MAX_PART_BYTES) return "oversized";
    return aggregates(this.data) && this.temporality === undefined ? "no_temporality" : undefined;
  }

  /** Reads the metric that was entered, and goes to its data. `false`: it has none that we know. */
  find(): boolean {
    const reader = this.#reader;
    this.#texts.clear();
    this.#nameLength = 0;
    let dataAt = -1;
    while (reader.hasMore) {
      const start = reader.position;
      const tag = reader.tag();
      const valueAt = reader.position;
      if (tag === NAME) this.#nameLength = reader.skipBytes();
      else reader.skip(tag);
      if (tag === NAME || tag === DESCRIPTION || tag === UNIT) this.#texts.add(start, reader.position);
      const data = DATA.get(tag);
      if (data !== undefined) {
        this.data = data;
        dataAt = valueAt;
      }
    }
    if (dataAt < 0) return false;
    reader.rewind(dataAt);
    this.#readAggregation();
    reader.rewind(dataAt);
    return true;
  }

  /** A text that only metrics with the same header have. */
  key(): string {
    return `${this.data}${this.isMonotonic ? "+" : "-"}${this.#temporality}${this.#texts.key()}`;
  }

  texts(): MetricTexts {
    const reader = this.#texts.reader();
    const texts = { name: "", unit: "", description: "" };
    while (reader.hasMore) {
      const tag = reader.tag();
      const text = reader.text();
      if (tag === NAME) texts.name = text;
      else if (tag === UNIT) texts.unit = text;
      else texts.description = text;
    }
    return texts;
  }

  /** A serializer writes these fields behind the points. */
  #readAggregation(): void {
    const reader = this.#reader;
    this.#temporality = 0;
    this.isMonotonic = false;
    if (!aggregates(this.data)) return;
    const outer = reader.enter();
    while (reader.hasMore) {
      const tag = reader.tag();
      if (tag === TEMPORALITY) this.#temporality = reader.varint();
      else if (tag === IS_MONOTONIC && this.data === "sum") this.isMonotonic = reader.varint() !== 0;
      else reader.skip(tag);
    }
    reader.leave(outer);
  }
}
