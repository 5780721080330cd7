import {
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import { type Exemplar, exemplarOf } from "../../core/exemplar.ts";
import { type FineBuckets, fineBucketsOf } from "../../core/fine-buckets.ts";
import { MessageWriter } from "../../wire/remote/message-writer.ts";
import {
  type ClassicHistogram,
  classicHistogram,
  fromExplicit,
  fromExponential,
} from "../classic-buckets.ts";
import { type NativeBuckets, type NativeHistogram, nativeHistogram } from "./native-histogram.ts";
import { exemplarMessage } from "./protobuf-exemplar.ts";
import { timestampMessage } from "./protobuf-timestamp.ts";

/** The fields of `io.prometheus.client.Histogram`, `Bucket` and `BucketSpan`. */
const HISTOGRAM = {
  count: 1,
  sum: 2,
  bucket: 3,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  created: 15,
  exemplar: 16,
};
const NEGATIVE = { span: 9, delta: 10 };
const POSITIVE = { span: 12, delta: 13 };
const BUCKET = { cumulativeCount: 1, upperBound: 2, exemplar: 3 };
const SPAN = { offset: 1, length: 2 };
/** Tells an empty native histogram from one that is not native. */
const NOTHING: NativeBuckets = { spans: [{ offset: 0, length: 0 }], deltas: [] };

/**
 * A point of a histogram as a message; `undefined`: its value is no histogram.
 *
 * @param classicBuckets whether a histogram that has a native form has its classic buckets too.
 */
export function histogramMessage(
  metric: MetricData,
  index: number,
  classicBuckets: boolean,
): Uint8Array | undefined {
  const point = metric.dataPoints.at(index) as DataPoint<Histogram | ExponentialHistogram> | undefined;
  const classic = classicOf(metric, index);
  if (point === undefined || classic === undefined) return undefined;
  const fine = fineOf(metric, point.value);
  const native = fine === undefined ? undefined : nativeHistogram(fine);
  const message = new MessageWriter();
  message.int(HISTOGRAM.count, native?.count ?? classic.buckets.total);
  if (classic.sum !== undefined) message.double(HISTOGRAM.sum, classic.sum);
  const exemplar = exemplarOf(point.value);
  if (native === undefined || classicBuckets) addClassic(message, classic, exemplar);
  if (native !== undefined) addNative(message, native);
  const created = timestampMessage(point.startTime);
  if (created !== undefined) message.bytes(HISTOGRAM.created, created);
  if (native !== undefined && exemplar !== undefined)
    message.bytes(HISTOGRAM.exemplar, exemplarMessage(exemplar));
  return message.finish();
}

function fineOf(metric: MetricData, value: Histogram | ExponentialHistogram): FineBuckets | undefined {
  const isExponential = metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM;
  return isExponential ? (value as ExponentialHistogram) : fineBucketsOf(value);
}

function classicOf(metric: MetricData, index: number): ClassicHistogram | undefined {
  const classic =
    metric.dataPointType === DataPointType.HISTOGRAM
      ? classicHistogram(metric.dataPoints.at(index)?.value, fromExplicit)
      : metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM
        ? classicHistogram(metric.dataPoints.at(index)?.value, fromExponential)
        : undefined;
  const areCounts = classic?.buckets.cumulative.every(Number.isSafeInteger) === true;
  return areCounts && Number.isSafeInteger(classic?.buckets.total) ? classic : undefined;
}

function addClassic(
  message: MessageWriter,
  { buckets: { bounds, cumulative, total } }: ClassicHistogram,
  exemplar: Exemplar | undefined,
): void {
  const bucket = new MessageWriter();
  let below = Number.NEGATIVE_INFINITY;
  const add = (bound: number, count: number): void => {
    bucket.int(BUCKET.cumulativeCount, count);
    bucket.double(BUCKET.upperBound, bound);
    if (exemplar !== undefined && exemplar.value > below && exemplar.value <= bound)
      bucket.bytes(BUCKET.exemplar, exemplarMessage(exemplar));
    below = bound;
    message.bytes(HISTOGRAM.bucket, bucket.finish());
  };
  for (const [place, bound] of bounds.entries()) add(bound, cumulative[place] as number);
  add(Infinity, total);
}

function addNative(message: MessageWriter, { schema, zeroCount, positive, negative }: NativeHistogram): void {
  message.zigzag(HISTOGRAM.schema, schema);
  message.double(HISTOGRAM.zeroThreshold, 0);
  message.int(HISTOGRAM.zeroCount, zeroCount);
  const isEmpty = positive.spans.length + negative.spans.length === 0;
  addBuckets(message, negative, NEGATIVE);
  addBuckets(message, isEmpty ? NOTHING : positive, POSITIVE);
}

function addBuckets(
  message: MessageWriter,
  { spans, deltas }: NativeBuckets,
  fields: { readonly span: number; readonly delta: number },
): void {
  const part = new MessageWriter();
  for (const { offset, length } of spans) {
    part.zigzag(SPAN.offset, offset);
    part.int(SPAN.length, length);
    message.bytes(fields.span, part.finish());
  }
  for (const delta of deltas) message.zigzag(fields.delta, delta);
}
