import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { MalformedMessage } from "../../../src/wire/malformed-message.ts";
import { decodeJson } from "../../../src/wire/otlp/decode-json.ts";
import { ExportResult } from "../../../src/wire/otlp/export-result.ts";
import { MemoryIntake } from "../../gateway/memory-intake.ts";
import { type Message, requestOf } from "./otlp-messages.ts";

const AT = "1544712660300000000";
const MILLIS = 1_544_712_660_300;

function decode(text: string, intake = new MemoryIntake()): ExportResult {
  const result = new ExportResult();
  atOnce(decodeJson(Buffer.from(text), intake, result));
  return result;
}

/** A request with a gauge of one point, or the text of its point. */
function gauge(point: Message | string): string {
  const text = JSON.stringify(requestOf({ name: "g", gauge: { dataPoints: ["point"] } }));
  return text.replace('"point"', typeof point === "string" ? point : JSON.stringify(point));
}

describe("an export request in JSON", () => {
  it("that is the example of opentelemetry-proto becomes the points that it says", () => {
    // https://github.com/open-telemetry/opentelemetry-proto/blob/main/examples/metrics.json
    const example = readFileSync(resolve(import.meta.dirname, "../../fixtures/otlp/metrics.json"), "utf8");
    const intake = new MemoryIntake();
    const result = decode(example, intake);
    const header = { scope: "my.library", unit: "1" };
    expect(intake.points).toEqual([
      {
        resource: { "service.name": "my.service" },
        header: {
          ...header,
          name: "my.counter",
          description: "I`m a Counter",
          kind: "counter",
          temporality: "delta",
        },
        labels: { "my.counter.attr": "some value" },
        value: 5,
        at: MILLIS,
        startAt: MILLIS,
      },
      {
        resource: { "service.name": "my.service" },
        header: {
          ...header,
          name: "my.gauge",
          description: "I`m a Gauge",
          kind: "gauge",
          temporality: "cumulative",
        },
        labels: { "my.gauge.attr": "some value" },
        value: 10,
        at: MILLIS,
        startAt: Number.NaN,
      },
    ]);
    // Its histogram has three buckets for one boundary.
    expect(Object.fromEntries(result.rejected)).toEqual({ invalid_histogram: 1 });
  });

  it.each([
    ["a text of digits", `"${AT}"`, MILLIS],
    ["a number, whose digits count", "1544712660300999999", MILLIS],
    ["a number with an exponent", "1.5447126603e18", MILLIS],
    ["less than a millisecond", "999999", "no_time"],
  ])("has times as %s", (_, time, expected) => {
    const intake = new MemoryIntake();
    const result = decode(gauge(`{"timeUnixNano":${time},"asDouble":1}`), intake);
    expect(intake.points[0]?.at ?? [...result.rejected.keys()][0]).toBe(expected);
  });

  it.each([
    ['"asDouble":1.5', 1.5],
    ['"asDouble":"NaN"', Number.NaN],
    ['"asDouble":"Infinity"', Number.POSITIVE_INFINITY],
    ['"asDouble":"-Infinity"', Number.NEGATIVE_INFINITY],
    ['"asDouble":"-2.5e1"', -25],
    ['"asInt":"-7"', -7],
    ['"asInt":7', 7],
    ['"as_int":"7"', 7],
    ['"asInt":7,"asDouble":null,"unknown":{"a":[1]}', 7],
    ['"\\u0061sInt":7', 7],
  ])("has the value %s", (field, value) => {
    const intake = new MemoryIntake();
    decode(gauge(`{"timeUnixNano":"${AT}",${field}}`), intake);
    expect(intake.points[0]?.value).toBe(value);
  });

  it("has a temporality by its number or its name", () => {
    const temporalities = [
      1,
      "2",
      "AGGREGATION_TEMPORALITY_DELTA",
      "AGGREGATION_TEMPORALITY_CUMULATIVE",
      0,
      null,
    ];
    const metrics = temporalities.map((aggregationTemporality, index) => ({
      name: `s${index}`,
      sum: { aggregationTemporality, dataPoints: [{ timeUnixNano: AT, asInt: 1 }] },
    }));
    const intake = new MemoryIntake();
    const result = decode(JSON.stringify(requestOf(...metrics)), intake);
    expect(intake.points.map(({ header }) => header.temporality)).toEqual([
      "delta",
      "cumulative",
      "delta",
      "cumulative",
    ]);
    expect(Object.fromEntries(result.rejected)).toEqual({ no_temporality: 2 });
  });

  it.each([
    ["[]", '"resourceMetrics" of the JSON message must be an object'],
    ['{"resourceMetrics":{}}', '"resourceMetrics" of the JSON message must be an array'],
    ['{"resourceMetrics":[1]}', '"resource" of the JSON message must be an object'],
    [gauge("1"), '"dataPoints" of the JSON message must be an object'],
    [gauge('{"timeUnixNano":"yesterday"}'), '"timeUnixNano" of the JSON message must be a number'],
    [gauge('{"timeUnixNano":-1}'), '"timeUnixNano" of the JSON message must be nanoseconds since 1970'],
    [gauge('{"timeUnixNano":1.9e19}'), '"timeUnixNano" of the JSON message must be nanoseconds since 1970'],
    [gauge('{"timeUnixNano":1.8e19,"asInt":1.5}'), '"asInt" of the JSON message must be a whole number'],
    [gauge('{"timeUnixNano":""}'), '"timeUnixNano" of the JSON message must be a number'],
    [gauge('{"asDouble":true}'), '"asDouble" of the JSON message must be a number'],
    [gauge('{"asInt":1.5}'), '"asInt" of the JSON message must be a whole number'],
    [
      gauge(`{"timeUnixNano":1e9,"asInt":1,"attributes":{}}`),
      '"attributes" of the JSON message must be an array',
    ],
    [
      gauge(`{"timeUnixNano":1e9,"asInt":1,"attributes":[{"key":1}]}`),
      '"key" of the JSON message must be a string',
    ],
    [
      JSON.stringify(requestOf({ name: "s", sum: { isMonotonic: "yes" } })),
      '"isMonotonic" of the JSON message must be true or false',
    ],
    ["{", "the JSON text is not valid at byte 1, expected key or end"],
  ])("%.60s is malformed", (text, message) => {
    expect(() => decode(text)).toThrow(new MalformedMessage(message));
  });

  it.each([
    ["a negative count", { bucketCounts: ["-5", "10"], explicitBounds: [1] }],
    ["half a value", { bucketCounts: [0.5, 1], explicitBounds: [1] }],
    ["a count that is no number", { bucketCounts: ["NaN", 1], explicitBounds: [1] }],
    ["an endless count", { bucketCounts: ["Infinity", 1], explicitBounds: [1] }],
    ["a count that no number can hold", { bucketCounts: [1e18, 1], explicitBounds: [1] }],
    ["negative zeros", { scale: 0, zeroCount: "-7" }],
    ["a negative count of a bucket", { scale: 0, positive: { offset: 0, bucketCounts: ["-2"] } }],
    ["half a value below 0", { scale: 0, negative: { offset: 0, bucketCounts: [0.5] } }],
    ["a place beyond those of 32 bits", { scale: 0, positive: { offset: 2 ** 31, bucketCounts: ["1"] } }],
  ])("has a histogram rejected that has %s", (_, fields) => {
    const kind = "scale" in fields ? "exponentialHistogram" : "histogram";
    const point = { timeUnixNano: AT, count: "2", sum: 1, ...fields };
    const intake = new MemoryIntake();
    const request = requestOf({ name: "h", [kind]: { aggregationTemporality: 1, dataPoints: [point] } });
    const result = decode(JSON.stringify(request), intake);
    expect(Object.fromEntries(result.rejected)).toEqual({ invalid_histogram: 1 });
    expect(intake.points).toEqual([]);
  });

  it("has points rejected that are too large", () => {
    const point = { timeUnixNano: AT, asInt: 1 };
    const attributes = Array.from({ length: 257 }, (_, index) => ({ key: `k${index}` }));
    expect(decode(gauge({ ...point, attributes })).rejected.get("oversized")).toBe(1);
    expect(decode(gauge({ ...point, attributes: attributes.slice(1) })).rejected.size).toBe(0);
    const long = [{ key: "k".repeat(65_536) }];
    expect(decode(gauge({ ...point, attributes: long })).rejected.get("oversized")).toBe(1);
    const scopeMetrics = [
      { scope: { name: long[0]?.key }, metrics: [{ name: "g", gauge: { dataPoints: [point] } }] },
    ];
    expect(decode(JSON.stringify({ resourceMetrics: [{ scopeMetrics }] })).rejected.get("oversized")).toBe(1);
    const metric = { name: long[0]?.key, gauge: { dataPoints: [point] } };
    expect(decode(JSON.stringify(requestOf(metric))).rejected.get("oversized")).toBe(1);
  });

  it("is read in turns", () => {
    const dataPoints = Array.from({ length: 1000 }, () => ({ timeUnixNano: AT, asDouble: 1 }));
    const text = JSON.stringify(requestOf({ name: "g", gauge: { dataPoints } }));
    const steps = decodeJson(Buffer.from(text), new MemoryIntake(), new ExportResult());
    let turns = 0;
    while (steps.next().done !== true) turns += 1;
    expect(turns).toBe(62 + Math.ceil(text.length / 16_384) - 1);
  });
});
