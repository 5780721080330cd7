import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import protobuf from "protobufjs";

const proto = readFileSync(resolve(import.meta.dirname, "../../fixtures/otlp/metrics.proto"), "utf8");
const { root } = protobuf.parse(proto);

/** The messages of OTLP, by protobufjs. */
export const ExportRequest = root.lookupType("otlp.ExportMetricsServiceRequest");
export const ExportResponse = root.lookupType("otlp.ExportMetricsServiceResponse");

export const RpcStatus = root.lookupType("otlp.Status");

/** A message in the JSON mapping of protobuf, whole numbers of 64 bits as texts. */
export type Message = Readonly<Record<string, unknown>>;

/** The bytes of a request. */
export function protobufOf(request: Message): Uint8Array {
  return ExportRequest.encode(ExportRequest.fromObject(request)).finish();
}

/** A metric of one resource and one scope. */
export function requestOf(...metrics: readonly Message[]): Message {
  return {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
        scopeMetrics: [{ scope: { name: "lib", version: "1.0" }, metrics }],
      },
    ],
  };
}

const int64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String);
const count = fc.oneof(fc.nat(9).map(String), fc.bigInt(0n, 2n ** 64n - 1n).map(String));
const nanos = fc.bigInt(1_000_000n, 2n ** 64n - 1n).map(String);
const text = fc.string({ unit: "grapheme", maxLength: 6 });
/** The JSON mapping has no negative zero that protobufjs would keep. */
const double = fc.double().map((number) => (Object.is(number, -0) ? 0 : number));

const { anyValue } = fc.letrec<{ anyValue: Message }>((tie) => ({
  anyValue: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: double }),
    fc.record({
      bytesValue: fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString("base64")),
    }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie("anyValue"), { maxLength: 3 }) }) }),
    fc.record({
      kvlistValue: fc.record({
        values: fc.array(fc.record({ key: text, value: tie("anyValue") }), { maxLength: 3 }),
      }),
    }),
  ),
}));
const attributes = fc.array(fc.record({ key: text, value: anyValue }), { maxLength: 4 });

const common = {
  attributes,
  startTimeUnixNano: fc.oneof(fc.constant("0"), nanos),
  timeUnixNano: fc.oneof({ weight: 9, arbitrary: nanos }, { weight: 1, arbitrary: fc.constant("0") }),
  flags: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
};
const numberPoint = fc.oneof(
  fc.record({ ...common, asDouble: double }),
  fc.record({ ...common, asInt: int64 }),
  fc.record({ ...common, exemplars: fc.constant([{ asDouble: 1, timeUnixNano: "5" }]) }),
);
const summary = { count, sum: double, min: double, max: double };
const always = ["attributes", "startTimeUnixNano", "timeUnixNano", "flags", "count"] as const;
const explicitPoint = fc
  .uniqueArray(
    fc.double({ noNaN: true }).map((number) => number + 0),
    { maxLength: 4, comparator: "SameValueZero" },
  )
  .chain((bounds) =>
    fc.record(
      {
        ...common,
        ...summary,
        explicitBounds: fc.constant(bounds.toSorted((one, other) => one - other)),
        bucketCounts: fc.oneof(
          {
            weight: 9,
            arbitrary: fc.array(count, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
          },
          { weight: 1, arbitrary: fc.array(count, { maxLength: 3 }) },
        ),
      },
      { requiredKeys: [...always, "explicitBounds", "bucketCounts"] },
    ),
  );
const buckets = fc.record({
  offset: fc.integer({ min: -2000, max: 2000 }),
  bucketCounts: fc.array(fc.maxSafeNat().map(String), { maxLength: 5 }),
});
const exponentialPoint = fc.record(
  {
    ...common,
    ...summary,
    scale: fc.integer({ min: -13, max: 22 }),
    zeroCount: count,
    positive: buckets,
    negative: buckets,
    zeroThreshold: fc.constant(0.5),
  },
  { requiredKeys: [...always] },
);

const aggregationTemporality = fc.constantFrom(0, 1, 2, 2);
const points = <Point>(point: fc.Arbitrary<Point>): fc.Arbitrary<Point[]> =>
  fc.array(point, { maxLength: 4 });
const data = fc.oneof(
  fc.record({ gauge: fc.record({ dataPoints: points(numberPoint) }) }),
  fc.record({
    sum: fc.record({ dataPoints: points(numberPoint), aggregationTemporality, isMonotonic: fc.boolean() }),
  }),
  fc.record({ histogram: fc.record({ dataPoints: points(explicitPoint), aggregationTemporality }) }),
  fc.record({
    exponentialHistogram: fc.record({ dataPoints: points(exponentialPoint), aggregationTemporality }),
  }),
  fc.record({ summary: fc.record({ dataPoints: points(fc.record({ timeUnixNano: nanos, sum: double })) }) }),
  fc.constant({}),
);
const metric = fc
  .tuple(fc.record({ name: text, description: text, unit: text }), data)
  .map(([header, body]) => ({ ...header, ...body }));
const scopeMetrics = fc.record(
  {
    scope: fc.record({ name: text, version: text, attributes }),
    metrics: fc.array(metric, { maxLength: 4 }),
    schemaUrl: text,
  },
  { requiredKeys: ["metrics"] },
);
const resourceMetrics = fc.record(
  {
    resource: fc.record({ attributes, droppedAttributesCount: fc.nat(3) }),
    scopeMetrics: fc.array(scopeMetrics, { maxLength: 3 }),
    schemaUrl: text,
  },
  { requiredKeys: ["scopeMetrics"] },
);

/** Requests with all kinds of metrics, some of whose points cannot be taken. */
export const anyRequest: fc.Arbitrary<Message> = fc.record({
  resourceMetrics: fc.array(resourceMetrics, { maxLength: 3 }),
});
