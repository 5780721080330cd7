import { type Meter, ValueType } from "@opentelemetry/api";
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { MalformedMessage } from "../../../src/wire/malformed-message.ts";
import { decodeJson } from "../../../src/wire/otlp/decode-json.ts";
import { decodeProtobuf } from "../../../src/wire/otlp/decode-protobuf.ts";
import { ExportResult } from "../../../src/wire/otlp/export-result.ts";
import { MemoryIntake } from "../../gateway/memory-intake.ts";
import { type Expected, expectedOf } from "./expected-points.ts";
import { anyRequest, ExportRequest, type Message, protobufOf } from "./otlp-messages.ts";
import { scrambled } from "./scrambled.ts";

type Decode = typeof decodeProtobuf;

function decoded(decode: Decode, bytes: Uint8Array, intake = new MemoryIntake()): Expected {
  const result = new ExportResult();
  const before = intake.points.length;
  atOnce(decode(bytes, intake, result));
  expect(result.taken).toBe(intake.points.length - before);
  return {
    points: intake.points,
    rejected: Object.fromEntries(result.rejected),
    summaries: result.summaries,
  };
}

/** As protobufjs reads it back. */
function asJson(request: Message): Message {
  const message = ExportRequest.decode(protobufOf(request));
  return ExportRequest.toObject(message, { longs: String, bytes: String, enums: Number, json: true });
}

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Names as in the `.proto` file, and enumerations by name. */
function inSnakeCase(value: unknown, key = ""): unknown {
  if (key === "aggregationTemporality")
    return ["UNSPECIFIED", "DELTA", "CUMULATIVE"].map((name) => `AGGREGATION_TEMPORALITY_${name}`)[
      Number(value)
    ];
  if (Array.isArray(value)) return value.map((each) => inSnakeCase(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      inSnakeCase(each, name),
    ]),
  );
}

describe("a request that protobufjs has encoded", () => {
  it("becomes the points that it says, from protobuf", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const bytes = protobufOf(request);
        expect(decoded(decodeProtobuf, bytes)).toEqual(expectedOf(asJson(request)));
      }),
      { numRuns: 300 },
    );
  });

  it("becomes the same in any order of the fields, with unknown fields, packed or not", () => {
    fc.assert(
      fc.property(
        anyRequest,
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (request, numbers) => {
          const message = ExportRequest.decode(protobufOf(request));
          const bytes = scrambled(ExportRequest, message, () => numbers.next().value as number);
          expect(decoded(decodeProtobuf, bytes)).toEqual(expectedOf(asJson(request)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("becomes the same from JSON, with both kinds of names", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const json = asJson(request);
        const expected = expectedOf(json);
        expect(decoded(decodeJson, bytesOf(json))).toEqual(expected);
        expect(decoded(decodeJson, bytesOf(inSnakeCase(json)))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("has no attribute read again when it comes again", () => {
    fc.assert(
      fc.property(anyRequest, fc.constantFrom("protobuf", "json"), (request, format) => {
        const intake = new MemoryIntake();
        const [decode, bytes]: [Decode, Uint8Array] =
          format === "json" ? [decodeJson, bytesOf(asJson(request))] : [decodeProtobuf, protobufOf(request)];
        const first = [...decoded(decode, bytes, intake).points];
        const reads = { ...intake.reads };
        const both = decoded(decode, bytes, intake);
        expect(intake.reads).toEqual(reads);
        expect(both.points).toEqual([...first, ...first]);
      }),
    );
  });

  it.each<[string, Decode, (request: Message) => Uint8Array]>([
    ["protobuf", decodeProtobuf, protobufOf],
    ["JSON", decodeJson, (request) => bytesOf(asJson(request))],
  ])("and is damaged is taken or refused as malformed, in %s", (_, decode, encode) => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(anyRequest, damage, fc.option(fc.nat()), (request, flips, cut) => {
        const bytes = Uint8Array.from(encode(request));
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        const result = new ExportResult();
        const left = bytes.subarray(0, cut === null ? bytes.length : cut % (bytes.length + 1));
        try {
          atOnce(decode(left, new MemoryIntake(), result));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
        expect(result.taken).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("metrics that the SDK of OpenTelemetry has collected and serialized", () => {
  // Of larger whole numbers, JSON has fewer digits than protobuf.
  const value = fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true });
  const attribute = fc.oneof(
    fc.string(),
    fc.integer(),
    value,
    fc.boolean(),
    fc.array(fc.string(), { maxLength: 2 }),
  );
  const attributes = fc.dictionary(fc.string({ maxLength: 4 }), attribute, { maxKeys: 3 });
  const records = fc.array(fc.tuple(attributes, value), { minLength: 1, maxLength: 5 });
  const temporality = fc.constantFrom(AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE);

  it("are the same from protobuf and from JSON", async () => {
    await fc.assert(
      fc.asyncProperty(records, temporality, async (recorded, chosen) => {
        const metrics = await collected(chosen, (meter) => {
          for (const [labels, number] of recorded) {
            meter.createCounter("counter").add(number, labels);
            meter
              .createUpDownCounter("up-down", { valueType: ValueType.INT })
              .add(Math.trunc(number % 1e9), labels);
            meter.createGauge("gauge", { unit: "s", description: "a gauge" }).record(number, labels);
            meter.createHistogram("explicit").record(number, labels);
            meter.createHistogram("exponential").record(number, labels);
          }
        });
        const json = decoded(decodeJson, JsonMetricsSerializer.serializeRequest(metrics) as Uint8Array);
        const bytes = ProtobufMetricsSerializer.serializeRequest(metrics) as Uint8Array;
        expect(decoded(decodeProtobuf, bytes)).toEqual(json);
        expect(json.rejected).toEqual({});
        expect(new Set(json.points.map(({ header }) => `${header.name} ${header.kind}`))).toEqual(
          new Set([
            "counter counter",
            "up-down up-down-counter",
            "gauge gauge",
            "explicit histogram",
            "exponential histogram",
          ]),
        );
        const last = recorded.at(-1) as (typeof recorded)[number];
        expect(
          json.points.filter(({ header }) => header.name === "gauge").map((point) => point.value),
        ).toContain(last[1]);
      }),
    );
  });
});

/** Collects once. */
class Reader extends MetricReader {
  override async onShutdown(): Promise<void> {}
  override async onForceFlush(): Promise<void> {}
}

async function collected(
  temporality: AggregationTemporality,
  record: (meter: Meter) => void,
): Promise<ResourceMetrics> {
  const reader = new Reader({ aggregationTemporalitySelector: () => temporality });
  const exponential = { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
  const provider = new MeterProvider({
    readers: [reader],
    views: [{ instrumentName: "exponential", aggregation: exponential }],
  });
  record(provider.getMeter("lib"));
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return resourceMetrics;
}
