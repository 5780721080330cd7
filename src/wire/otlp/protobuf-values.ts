import type { ExponentialBuckets } from "../../core/metric-point.ts";
import { tagOf, WIRE } from "../protobuf-fields.ts";
import type { ProtobufReader } from "../protobuf-reader.ts";
import { MAX_BUCKETS } from "./export-result.ts";
import { addBucket, ExplicitValue, ExponentialValue, NumberValue } from "./point-values.ts";
import type { PointMessage } from "./protobuf-points.ts";

const DOUBLE = tagOf(4, WIRE.fixed64);
const INTEGER = tagOf(6, WIRE.fixed64);

// Fields of both kinds of histograms.
const COUNT = tagOf(4, WIRE.fixed64);
const SUM = tagOf(5, WIRE.fixed64);

const COUNTS = tagOf(6, WIRE.fixed64);
const PACKED_COUNTS = tagOf(6, WIRE.bytes);
const BOUNDARIES = tagOf(7, WIRE.fixed64);
const PACKED_BOUNDARIES = tagOf(7, WIRE.bytes);
const EXPLICIT_MIN = tagOf(11, WIRE.fixed64);
const EXPLICIT_MAX = tagOf(12, WIRE.fixed64);

const SCALE = tagOf(6, WIRE.varint);
const ZERO_COUNT = tagOf(7, WIRE.fixed64);
const POSITIVE = tagOf(8, WIRE.bytes);
const NEGATIVE = tagOf(9, WIRE.bytes);
const EXPONENTIAL_MIN = tagOf(12, WIRE.fixed64);
const EXPONENTIAL_MAX = tagOf(13, WIRE.fixed64);
const OFFSET = tagOf(1, WIRE.varint);
const BUCKET_COUNTS = tagOf(2, WIRE.varint);
const PACKED_BUCKET_COUNTS = tagOf(2, WIRE.bytes);

/** `NumberDataPoint`: a point of a gauge or a sum. */
export class NumberMessage implements PointMessage {
  readonly attributes = tagOf(7, WIRE.bytes);
  readonly flags = tagOf(8, WIRE.varint);
  readonly value = new NumberValue();

  readField(tag: number, reader: ProtobufReader): boolean {
    if (tag === DOUBLE) this.value.set(reader.double());
    else if (tag === INTEGER) this.value.set(reader.sfixed64());
    else return false;
    return true;
  }
}

/** `HistogramDataPoint`. */
export class ExplicitMessage implements PointMessage {
  readonly attributes = tagOf(9, WIRE.bytes);
  readonly flags = tagOf(10, WIRE.varint);
  readonly value = new ExplicitValue();

  readField(tag: number, reader: ProtobufReader): boolean {
    const { value } = this;
    if (tag === COUNT) value.count = reader.fixed64();
    else if (tag === SUM) value.sum = reader.double();
    else if (tag === PACKED_COUNTS) readPacked(reader, value.counts, () => reader.fixed64());
    else if (tag === COUNTS) addBucket(value.counts, reader.fixed64());
    else if (tag === PACKED_BOUNDARIES) readPacked(reader, value.boundaries, () => reader.double());
    else if (tag === BOUNDARIES) addBucket(value.boundaries, reader.double());
    else if (tag === EXPLICIT_MIN) value.min = reader.double();
    else if (tag === EXPLICIT_MAX) value.max = reader.double();
    else return false;
    return true;
  }
}

/** `ExponentialHistogramDataPoint`. */
export class ExponentialMessage implements PointMessage {
  readonly attributes = tagOf(1, WIRE.bytes);
  readonly flags = tagOf(10, WIRE.varint);
  readonly value = new ExponentialValue();

  readField(tag: number, reader: ProtobufReader): boolean {
    const { value } = this;
    if (tag === COUNT) value.count = reader.fixed64();
    else if (tag === SUM) value.sum = reader.double();
    else if (tag === SCALE) value.scale = reader.sint32();
    else if (tag === ZERO_COUNT) value.zeroCount = reader.fixed64();
    else if (tag === POSITIVE) value.positive = bucketsOf(reader);
    else if (tag === NEGATIVE) value.negative = bucketsOf(reader);
    else if (tag === EXPONENTIAL_MIN) value.min = reader.double();
    else if (tag === EXPONENTIAL_MAX) value.max = reader.double();
    else return false;
    return true;
  }
}

function bucketsOf(reader: ProtobufReader): ExponentialBuckets {
  const outer = reader.enter();
  let offset = 0;
  const bucketCounts: number[] = [];
  while (reader.hasMore) {
    const tag = reader.tag();
    if (tag === OFFSET) offset = reader.sint32();
    else if (tag === PACKED_BUCKET_COUNTS) readPacked(reader, bucketCounts, () => reader.varint());
    else if (tag === BUCKET_COUNTS) addBucket(bucketCounts, reader.varint());
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { offset, bucketCounts };
}

/** Reads numbers that stand side by side, up to one too many. */
function readPacked(reader: ProtobufReader, numbers: number[], read: () => number): void {
  const outer = reader.enter();
  while (reader.hasMore && numbers.length <= MAX_BUCKETS) numbers.push(read());
  reader.leave(outer);
}
