import type { MetricIntake } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";
import { FieldBytes } from "../field-bytes.ts";
import { tagOf, WIRE } from "../protobuf-fields.ts";
import type { ProtobufReader } from "../protobuf-reader.ts";
import { type ExportResult, MAX_ATTRIBUTES, MAX_PART_BYTES } from "./export-result.ts";
import type { PointValue } from "./point-values.ts";
import { labelsOfProtobuf } from "./protobuf-attributes.ts";
import { type ReadPoint, takePoint } from "./take-point.ts";

// All messages of points have these two fields.
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
const START = tagOf(2, WIRE.fixed64);
const TIME = tagOf(3, WIRE.fixed64);

/** A message of points: the tags that others number differently, and the fields of its value. */
export interface PointMessage {
  readonly attributes: number;
  readonly flags: number;
  readonly value: PointValue;
  /** Reads a field of the value. `false`: the tag is not one of the value. */
  readField(tag: number, reader: ProtobufReader): boolean;
}

/** Reads the points of one kind of metric. No attribute of a known stream is decoded. */
export class ProtobufPoints implements ReadPoint {
  readonly value: PointValue;
  at = 0;
  startAt = 0;
  flags = 0;
  readonly #message: PointMessage;
  readonly #reader: ProtobufReader;
  readonly #result: ExportResult;
  readonly #attributes: FieldBytes;

  constructor(message: PointMessage, reader: ProtobufReader, result: ExportResult) {
    this.value = message.value;
    this.#message = message;
    this.#reader = reader;
    this.#result = result;
    this.#attributes = new FieldBytes(reader);
  }

  get isTooLarge(): boolean {
    return this.#attributes.count > MAX_ATTRIBUTES || this.#attributes.length > MAX_PART_BYTES;
  }

  /** Reads the message that comes next, and hands its point to its stream. */
  read(metric: MetricIntake): void {
    this.#clear();
    const reader = this.#reader;
    const message = this.#message;
    const outer = reader.enter();
    while (reader.hasMore) {
      const start = reader.position;
      const tag = reader.tag();
      if (tag === TIME) this.at = reader.nanosAsMillis();
      else if (tag === START) this.startAt = reader.nanosAsMillis();
      else if (tag === message.attributes) {
        reader.skip(tag);
        this.#attributes.add(start, reader.position);
      } else if (tag === message.flags) this.flags = reader.varint();
      else if (!message.readField(tag, reader)) reader.skip(tag);
    }
    reader.leave(outer);
    takePoint(this, metric, this.#result);
  }

  key(): string {
    return this.#attributes.key();
  }

  readonly readLabels = (): Labels =>
    labelsOfProtobuf(this.#attributes.reader(), this.#message.attributes, this.#result.countCut);

  #clear(): void {
    this.at = 0;
    this.startAt = 0;
    this.flags = 0;
    this.#attributes.clear();
    this.value.clear();
  }
}
