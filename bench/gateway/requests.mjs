import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import protobuf from "protobufjs";

const proto = readFileSync(resolve(import.meta.dirname, "../../test/fixtures/otlp/metrics.proto"), "utf8");
const ExportRequest = protobuf.parse(proto).root.lookupType("otlp.ExportMetricsServiceRequest");

const AT = "1700000010123456789";
const START = "1700000000000000000";

/** The requests that are decoded, by what is in them. */
export const kinds = {
  "sums, 100 metrics of 100 streams": () => requestOf(100, 100, sum),
  "sums, 10 000 metrics of 1 stream": () => requestOf(10_000, 1, sum),
  "histograms of 15 boundaries, 100 x 100": () => requestOf(100, 100, explicit),
  "exponential histograms of 80 buckets, 100 x 100": () => requestOf(100, 100, exponential),
};

/** A request as bytes of protobuf and of JSON, and the number of its points. */
function requestOf(metrics, points, metric) {
  const request = ExportRequest.fromObject({
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(0, 8) },
        scopeMetrics: [
          {
            scope: { name: "io.example.instrumentation", version: "1.2.3" },
            metrics: Array.from({ length: metrics }, (_, index) => ({
              name: `example.request.metric.${index}`,
              description: "What the requests of the example need",
              unit: "ms",
              ...metric(Array.from({ length: points }, (_, point) => point)),
            })),
          },
        ],
      },
    ],
  });
  const json = ExportRequest.toObject(request, { longs: String, json: true });
  return {
    points: metrics * points,
    protobuf: ExportRequest.encode(request).finish(),
    json: Buffer.from(JSON.stringify(json)),
  };
}

/** The bytes of a request that is written as in JSON. */
export function encodeRequest(/** @type {object} */ request) {
  return ExportRequest.encode(ExportRequest.fromObject(request)).finish();
}

/** An attribute with a text. */
export function textAttribute(/** @type {string} */ key, /** @type {string} */ stringValue) {
  return { key, value: { stringValue } };
}

/** What protobufjs makes of the bytes: objects, but no streams. */
export function decodeByProtobufjs(bytes) {
  return ExportRequest.decode(bytes);
}

function sum(points) {
  const dataPoints = points.map((point) => ({ ...commonOf(point), asDouble: point * 1.5 }));
  return { sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true } };
}

function explicit(points) {
  const explicitBounds = Array.from({ length: 15 }, (_, index) => 2 ** index);
  const dataPoints = points.map((point) => ({
    ...commonOf(point),
    ...SUMMARY,
    explicitBounds,
    bucketCounts: Array.from({ length: 16 }, (_, index) => String(index * point)),
  }));
  return { histogram: { dataPoints, aggregationTemporality: 2 } };
}

function exponential(points) {
  const dataPoints = points.map((point) => ({
    ...commonOf(point),
    ...SUMMARY,
    scale: 3,
    zeroCount: "1",
    positive: { offset: -20, bucketCounts: Array.from({ length: 80 }, (_, index) => String(index % 9)) },
  }));
  return { exponentialHistogram: { dataPoints, aggregationTemporality: 1 } };
}

const SUMMARY = { count: "1000", sum: 12_345.5, min: 0.5, max: 999.5 };

function commonOf(point) {
  return { attributes: attributesOf(point, 5), startTimeUnixNano: START, timeUnixNano: AT };
}

function attributesOf(seed, count) {
  return Array.from({ length: count }, (_, index) => ({
    key: `example.attribute.${index}`,
    value: { stringValue: `value-${(seed * 7 + index) % 97}-${seed}` },
  }));
}
