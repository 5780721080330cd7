import { describe, expect, it } from "vitest";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { MalformedMessage } from "../../../src/wire/malformed-message.ts";
import { decodeProtobuf } from "../../../src/wire/otlp/decode-protobuf.ts";
import { ExportResult } from "../../../src/wire/otlp/export-result.ts";
import { MemoryIntake } from "../../gateway/memory-intake.ts";
import { type Message, protobufOf, requestOf } from "./otlp-messages.ts";

const AT = "1544712660300000000";

/** Fields by hand, from the tables of metrics.proto. */
const BY_HAND = `
  0a 43                                  resource_metrics, 67 bytes
    0a 0d                                  resource
      0a 0b                                  attributes
        0a 01 73                               key "s"
        12 06 0a 04 73 68 6f 70                value, string_value "shop"
    12 32                                  scope_metrics
      0a 05 0a 03 6c 69 62                   scope, name "lib"
      12 29                                  metrics
        0a 01 63                               name "c"
        1a 01 73                               unit "s"
        3a 21                                  sum
          0a 1b                                  data_points
            19 00 eb 3a f5 fa eb 6f 15             time_unix_nano ${AT}
            31 fe ff ff ff ff ff ff ff             as_int -2
            3a 07 0a 01 6b 12 02 18 01             attributes, "k" = int_value 1
          10 01                                  aggregation_temporality delta
          18 01                                  is_monotonic true`;

function bytesOf(written: string): Uint8Array {
  const codes = written.matchAll(/^ *((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: {2}|$)/gm);
  return Buffer.from(Array.from(codes, ([, code = ""]) => code.replaceAll(" ", "")).join(""), "hex");
}

function decode(bytes: Uint8Array, intake = new MemoryIntake()): ExportResult {
  const result = new ExportResult();
  atOnce(decodeProtobuf(bytes, intake, result));
  return result;
}

function gauge(...dataPoints: Message[]): Uint8Array {
  return protobufOf(requestOf({ name: "g", gauge: { dataPoints } }));
}

const attribute = (key: string, stringValue: string): Message => ({ key, value: { stringValue } });

describe("an export request in protobuf", () => {
  it("that is written by hand becomes the point that it says", () => {
    const intake = new MemoryIntake();
    expect(decode(bytesOf(BY_HAND), intake).taken).toBe(1);
    expect(intake.points).toEqual([
      {
        resource: { s: "shop" },
        header: {
          scope: "lib",
          name: "c",
          unit: "s",
          description: "",
          kind: "counter",
          temporality: "delta",
        },
        labels: { k: "1" },
        value: -2,
        at: 1_544_712_660_300,
        startAt: Number.NaN,
      },
    ]);
  });

  it("is malformed wherever it is cut off inside of a field", () => {
    const bytes = bytesOf(BY_HAND);
    for (let length = 1; length < bytes.length; length += 1)
      expect(() => decode(bytes.subarray(0, length)), String(length)).toThrow(MalformedMessage);
    expect(decode(new Uint8Array(0)).taken).toBe(0);
  });

  it("is malformed with more resources in one message than anybody writes: each would take memory", () => {
    const resource = "0a 02 0a 00";
    const withResources = (count: number): Uint8Array => {
      const message = Buffer.from(resource.replaceAll(" ", "").repeat(count), "hex");
      // Its length in three bytes.
      const length = [message.length & 0x7f, (message.length >> 7) & 0x7f, message.length >> 14];
      return Buffer.concat([
        Uint8Array.of(0x0a, (length[0] ?? 0) | 0x80, (length[1] ?? 0) | 0x80, length[2] ?? 0),
        message,
      ]);
    };
    expect(decode(withResources(10_000)).taken).toBe(0);
    expect(() => decode(withResources(10_001))).toThrow(
      new MalformedMessage("the fields of a protobuf message are in more than 10000 places"),
    );
  });

  it("has values of attributes as text, bytes in base64, and others as JSON", () => {
    const values: Readonly<Record<string, Message>> = {
      text: { stringValue: "a" },
      truth: { boolValue: false },
      whole: { intValue: "-9223372036854775808" },
      number: { doubleValue: 0.5 },
      none: {},
      bytes: { bytesValue: "aGk=" },
      list: { arrayValue: { values: [{ intValue: "9007199254740993" }, { stringValue: '"' }, {}] } },
      map: { kvlistValue: { values: [{ key: "k", value: { bytesValue: "aGk=" } }, { key: "n" }] } },
    };
    const attributes = Object.entries(values).map(([key, value]) => ({ key, value }));
    const intake = new MemoryIntake();
    decode(gauge({ attributes, timeUnixNano: AT, asDouble: 1 }), intake);
    expect(intake.points[0]?.labels).toEqual({
      text: "a",
      truth: "false",
      whole: "-9223372036854775808",
      number: "0.5",
      none: "",
      bytes: "aGk=",
      list: '[9007199254740993,"\\"",null]',
      map: '{"k":"aGk=","n":null}',
    });
  });

  it("has the last of the fields that exclude each other, in values in values too", () => {
    const message = (tag: string, ...fields: string[]): string => {
      const inside = fields.join("");
      return `${tag}${(inside.length / 2).toString(16).padStart(2, "0")}${inside}`;
    };
    const [array, list, entry, int] = ["2a", "32", "0a", (value: string) => `18${value}`] as const;
    // Value before key.
    const pair = (key: string, ...value: string[]) => message(entry, message("12", ...value), `0a01${key}`);
    const values = [
      [message(array), int("07")],
      [message(array, message(entry, message(array), int("05")), message(entry, int("06")))],
      [message(list, pair("61", message(list), int("05")), pair("62", int("06")))],
    ];
    const attributes = values.map((value, index) =>
      message("3a", message("12", ...value), `0a01${(0x61 + index).toString(16)}`),
    );
    const point = message("0a", "1900eb3af5faeb6f15", "31feffffffffffffff", ...attributes);
    const intake = new MemoryIntake();
    const metric = message("12", "0a0167", message("2a", point));
    decode(Buffer.from(message("0a", message("12", metric)), "hex"), intake);
    expect(intake.points.map(({ labels }) => labels)).toEqual([{ a: "7", b: "[5,6]", c: '{"a":5,"b":6}' }]);
  });

  it("has long keys and values cut, and counts them", () => {
    const intake = new MemoryIntake();
    const attributes = [attribute("k".repeat(1025), "v".repeat(1025)), attribute("", "v".repeat(1024))];
    const result = decode(gauge({ attributes, timeUnixNano: AT, asDouble: 1 }), intake);
    expect(result.cutTexts).toBe(2);
    const [key = "", other] = Object.keys(intake.points[0]?.labels ?? {});
    expect([key.length, intake.points[0]?.labels[key]?.length, other]).toEqual([1024, 1024, "_"]);
  });

  it("keeps streams apart whose attributes differ in one byte of many", () => {
    const intake = new MemoryIntake();
    const point = (value: string): Message => ({
      attributes: Array.from({ length: 60 }, (_, index) =>
        attribute(`key-${index}`, index === 40 ? value : "v".repeat(99)),
      ),
      timeUnixNano: AT,
      asDouble: 1,
    });
    decode(gauge(point("one"), point("two"), point("one")), intake);
    expect(intake.reads.streams).toBe(2);
    expect(intake.points.map(({ labels }) => labels["key-40"])).toEqual(["one", "two", "one"]);
  });

  it("counts points that cannot be taken, by reason, and takes the others", () => {
    const intake = new MemoryIntake();
    const dataPoints = [{ timeUnixNano: AT, asDouble: 1 }];
    const explicit = (bucketCounts: number[], explicitBounds: number[]): Message => ({
      timeUnixNano: AT,
      count: 2,
      bucketCounts,
      explicitBounds,
    });
    const bytes = protobufOf(
      requestOf(
        { name: "", gauge: { dataPoints } },
        { name: "s", sum: { dataPoints } },
        { name: "s", sum: { dataPoints, aggregationTemporality: 3 } },
        { name: "g", gauge: { dataPoints: [{ asDouble: 1 }, { timeUnixNano: AT }, ...dataPoints] } },
        {
          name: "h",
          histogram: {
            aggregationTemporality: 2,
            dataPoints: [
              explicit([1, 1], [5, 6]),
              explicit([1, 1, 0], [6, 5]),
              explicit([1, 1, 0], [5, 5]),
              explicit([1, 1], [Number.NaN]),
              explicit([], [1]),
              explicit([], []),
            ],
          },
        },
        {
          name: "e",
          exponentialHistogram: {
            aggregationTemporality: 1,
            dataPoints: [21, -12, 20, -11].map((scale) => ({ timeUnixNano: AT, scale })),
          },
        },
        { name: "q", summary: { dataPoints: [{ timeUnixNano: AT }, { timeUnixNano: AT }] } },
      ),
    );
    const result = decode(bytes, intake);
    expect(Object.fromEntries(result.rejected)).toEqual({
      no_name: 1,
      no_temporality: 2,
      no_time: 1,
      no_value: 1,
      invalid_histogram: 7,
    });
    expect([result.taken, result.summaries]).toEqual([4, 2]);
    expect(intake.points.map(({ value }) => value)).toEqual([
      1,
      { kind: "explicit", count: 2, sum: Number.NaN, boundaries: [], counts: [2] },
      expect.objectContaining({ scale: 20 }),
      expect.objectContaining({ scale: -11 }),
    ]);
  });

  it("has points rejected that are too large", () => {
    const point = { timeUnixNano: AT, asDouble: 1 };
    const many = Array.from({ length: 257 }, (_, index) => attribute(`k${index}`, ""));
    const long = [attribute("k", "v".repeat(65_536))];
    const histogram = (buckets: number): Message => ({
      name: "e",
      exponentialHistogram: {
        aggregationTemporality: 1,
        dataPoints: [{ timeUnixNano: AT, positive: { bucketCounts: new Array(buckets).fill(1) } }],
      },
    });
    const requests: [Message, number][] = [
      [requestOf({ name: "g", gauge: { dataPoints: [{ ...point, attributes: many }, point] } }), 1],
      [requestOf({ name: "g", gauge: { dataPoints: [{ ...point, attributes: many.slice(1) }] } }), 0],
      [requestOf({ name: "g", gauge: { dataPoints: [{ ...point, attributes: long }] } }), 1],
      [requestOf({ name: "n".repeat(65_536), gauge: { dataPoints: [point] } }), 1],
      [requestOf(histogram(10_000), histogram(10_001), histogram(20_000)), 2],
      [oneOf({ resource: { attributes: long } }, point), 1],
      [oneOf({ resource: { attributes: many } }, point), 1],
      [oneOf({}, point, { name: "n".repeat(65_536) }), 1],
    ];
    for (const [index, [request, rejected]] of requests.entries()) {
      const intake = new MemoryIntake();
      const result = decode(protobufOf(request), intake);
      expect([index, result.rejected.get("oversized") ?? 0]).toEqual([index, rejected]);
    }
  });

  it("ends streams without a recorded value", () => {
    const intake = new MemoryIntake();
    const result = decode(
      gauge({ timeUnixNano: AT, flags: 1 }, { timeUnixNano: AT, flags: 3, asDouble: 1 }),
      intake,
    );
    expect(result.taken).toBe(2);
    expect(intake.points.map(({ value }) => value)).toEqual([undefined, undefined]);
  });

  it("does not count points for which the intake has no stream", () => {
    const point = { timeUnixNano: AT, asDouble: 1 };
    const bytes = gauge(point, { ...point, attributes: [attribute("k", "v")] }, point);
    const result = decode(bytes, new MemoryIntake(1));
    expect([result.taken, result.rejected.size]).toEqual([2, 0]);
  });

  it("opens no resource and no metric of which no point can be taken", () => {
    const intake = new MemoryIntake();
    decode(protobufOf(requestOf({ name: "g", gauge: {} }, { name: "s", sum: { dataPoints: [{}] } })), intake);
    expect(intake.reads).toEqual({ resources: 0, metrics: 0, streams: 0 });
  });

  it("is read in turns", () => {
    const points = Array.from({ length: 1000 }, () => ({ timeUnixNano: AT, asDouble: 1 }));
    const steps = decodeProtobuf(gauge(...points), new MemoryIntake(), new ExportResult());
    let turns = 0;
    while (steps.next().done !== true) turns += 1;
    expect(turns).toBe(62);
  });

  it("with a value that is nested too deep is malformed", () => {
    const nested = (depth: number): Message =>
      depth === 0 ? { intValue: "1" } : { arrayValue: { values: [nested(depth - 1)] } };
    const point = (depth: number): Message => ({
      timeUnixNano: AT,
      asDouble: 1,
      attributes: [{ key: "k", value: nested(depth) }],
    });
    expect(decode(gauge(point(31))).taken).toBe(1);
    expect(() => decode(gauge(point(32)))).toThrow(
      "the value of an attribute is nested deeper than 32 levels",
    );
  });
});

/** A request with one gauge of one point. */
function oneOf(resourceMetrics: Message, point: Message, scope: Message = {}): Message {
  const metrics = [{ name: "g", gauge: { dataPoints: [point] } }];
  return { resourceMetrics: [{ ...resourceMetrics, scopeMetrics: [{ scope, metrics }] }] };
}
