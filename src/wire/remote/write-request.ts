import { Pace, type Steps } from "../../core/yielding-runner.ts";
import { MessageReader } from "./message-reader.ts";
import { MessageWriter } from "./message-writer.ts";
import { readTimeSeries, type TimeSeries, TimeSeriesWriter, type WritableSeries } from "./time-series.ts";

/** The types of metrics in metadata, by their number in prompb/types.proto. */
const TYPES = [
  "unknown",
  "counter",
  "gauge",
  "histogram",
  "gaugehistogram",
  "summary",
  "info",
  "stateset",
] as const;

/** What a sender says a metric is. */
export type MetricType = (typeof TYPES)[number];

/** What a sender tells of a metric, beside its series. */
export interface MetricMetadata {
  /** The name of the metric; those of its series may have a suffix such as `_bucket`. */
  readonly family: string;
  readonly type: MetricType;
  readonly help: string;
  /** A word of OpenMetrics such as `seconds`; often empty. */
  readonly unit: string;
}

/** The content of a request of Prometheus's remote write 1.0. */
export interface WriteRequest {
  readonly series: readonly TimeSeries[];
  readonly metadata: readonly MetricMetadata[];
}

/** The fields of `WriteRequest` in prompb/remote.proto, and of `MetricMetadata` in types.proto. */
const SERIES = 1;
const METADATA = 3;
const TYPE = 1;
const FAMILY = 2;
const HELP = 4;
const UNIT = 5;

/**
 * Reads a `WriteRequest`. Exemplars and unknown fields are left out. It yields now and then.
 *
 * Format: https://prometheus.io/docs/specs/prw/remote_write_spec/
 *
 * @throws MalformedMessage if the bytes are no such message.
 */
export function* readWriteRequest(bytes: Uint8Array): Steps<WriteRequest> {
  const series: TimeSeries[] = [];
  const metadata: MetricMetadata[] = [];
  const pace = new Pace();
  const message = new MessageReader(bytes);
  while (message.next()) {
    if (pace.isDue()) yield;
    if (message.field === SERIES) series.push(message.inside(readTimeSeries));
    else if (message.field === METADATA) metadata.push(message.inside(readMetadata));
  }
  return { series, metadata };
}

function readMetadata(message: MessageReader): MetricMetadata {
  let type: MetricType = "unknown";
  const texts = { family: "", help: "", unit: "" };
  while (message.next()) {
    switch (message.field) {
      case TYPE:
        type = TYPES[message.int()] ?? "unknown";
        break;
      case FAMILY:
        texts.family = message.text();
        break;
      case HELP:
        texts.help = message.text();
        break;
      case UNIT:
        texts.unit = message.text();
        break;
      default:
    }
  }
  return { type, ...texts };
}

/** The bytes of a `WriteRequest`. */
export function encodedWriteRequest(
  series: Iterable<WritableSeries>,
  metadata: Iterable<MetricMetadata> = [],
): Uint8Array<ArrayBuffer> {
  const request = new MessageWriter();
  const writer = new TimeSeriesWriter();
  for (const one of series) writer.write(request, SERIES, one);
  const described = new MessageWriter();
  for (const { type, family, help, unit } of metadata) {
    described.int(TYPE, TYPES.indexOf(type));
    described.text(FAMILY, family);
    described.text(HELP, help);
    described.text(UNIT, unit);
    request.bytes(METADATA, described.finish());
  }
  return request.finish();
}
