import { DataPointType } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { isWorkerMetrics } from "../../src/processes/worker-metrics.ts";

const explicit = { count: 1, sum: 2, min: 2, max: 2 };
const buckets = { boundaries: [1], counts: [0, 1] };
const side = { offset: 0, bucketCounts: [1] };
const exponential = { ...explicit, scale: 1, zeroCount: 0, positive: side, negative: side };
const texts = { name: "m", unit: "", description: "" };

const shown = (dataPointType: unknown, value: unknown, more: object = {}) => ({
  id: "1",
  shown: [
    {
      scope: { name: "shop" },
      metrics: [{ descriptor: texts, dataPointType, dataPoints: [{ attributes: {}, value }], ...more }],
    },
  ],
  measured: [],
});

const measured = (kind: string, value: unknown, more: object = {}) => ({
  id: "1",
  shown: [],
  measured: [{ ...texts, scope: "shop", kind, points: [{ labels: { a: "b" }, value }], ...more }],
});

it.each([
  shown(DataPointType.GAUGE, 1),
  // JSON has no infinity.
  shown(DataPointType.SUM, null),
  shown(DataPointType.HISTOGRAM, { ...explicit, sum: null, buckets }),
  shown(DataPointType.EXPONENTIAL_HISTOGRAM, exponential),
  measured("level", 1),
  measured("increment", 1, { points: [{ labels: {}, value: 1, before: 2 }] }),
  measured("histogram", { ...explicit, ...buckets, kind: "explicit" }),
  measured("histogram", { ...exponential, kind: "exponential" }),
])("takes the metrics of a worker (%#)", (given) => {
  expect(isWorkerMetrics(given)).toBe(true);
  expect(isWorkerMetrics({ ...given, handover: "{}" })).toBe(true);
});

it.each([
  null,
  [],
  { id: 1, shown: [], measured: [] },
  { id: "1", shown: {}, measured: [] },
  { id: "1", shown: [], measured: [], handover: {} },
  { id: "1", shown: [null], measured: [] },
  { id: "1", shown: [{ scope: { name: 1 }, metrics: [] }], measured: [] },
  { id: "1", shown: [{ scope: { name: "a", version: 1 }, metrics: [] }], measured: [] },
  shown("__proto__", 1),
  shown(DataPointType.GAUGE, {}),
  shown(DataPointType.SUM, "1"),
  shown(DataPointType.GAUGE, 1, { descriptor: { ...texts, unit: null } }),
  shown(DataPointType.GAUGE, 1, { dataPoints: [{ attributes: null, value: 1 }] }),
  shown(DataPointType.HISTOGRAM, 1),
  shown(DataPointType.HISTOGRAM, explicit),
  shown(DataPointType.HISTOGRAM, { ...explicit, buckets: { boundaries: [1], counts: [1] } }),
  shown(DataPointType.HISTOGRAM, { ...explicit, count: null, buckets }),
  shown(DataPointType.EXPONENTIAL_HISTOGRAM, { ...exponential, positive: undefined }),
  shown(DataPointType.EXPONENTIAL_HISTOGRAM, { ...exponential, scale: 0.5 }),
  shown(DataPointType.EXPONENTIAL_HISTOGRAM, { ...exponential, scale: 21 }),
  shown(DataPointType.EXPONENTIAL_HISTOGRAM, { ...exponential, positive: { ...side, offset: 1e308 } }),
  shown(DataPointType.EXPONENTIAL_HISTOGRAM, { ...exponential, negative: { ...side, offset: 2 ** 31 } }),
  measured("other", 1),
  measured("level", null),
  measured("level", 1, { scope: 1 }),
  measured("level", 1, { points: [{ labels: { a: 1 }, value: 1 }] }),
  measured("increment", 1, { points: [{ labels: {}, value: 1, before: "2" }] }),
  measured("histogram", 1),
  measured("histogram", { ...explicit, ...buckets }),
  measured("histogram", { ...explicit, boundaries: [1], counts: [], kind: "explicit" }),
])("refuses anything else (%#)", (given) => {
  expect(isWorkerMetrics(given)).toBe(false);
});

/** All places in a value, as paths of keys. */
function* pathsIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    yield [...path, key];
    yield* pathsIn(part, [...path, key]);
  }
}

/** A copy in which another value is at a place. */
function withAt<Value>(given: Value, path: readonly string[], value: unknown): Value {
  const copy = structuredClone(given);
  let holder = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  holder[path.at(-1) as string] = value;
  return copy;
}

/** What may be missing: JSON has neither `undefined` nor numbers that are none. */
const OPTIONAL = ["version", "handover", "before", "sum", "min", "max"];
/** A level or a total that is none became `null`. What is forecast is always a number. */
const MAY_BE_NULL = /^shown\.0\..*\.value$|\.(sum|min|max)$/;

const everything = {
  id: "1",
  shown: [
    {
      scope: { name: "shop", version: "1" },
      metrics: [DataPointType.GAUGE, DataPointType.SUM].map((dataPointType) => ({
        descriptor: texts,
        dataPointType,
        dataPoints: [{ attributes: {}, value: 1 }],
      })),
    },
    ...[
      shown(DataPointType.HISTOGRAM, { ...explicit, buckets }),
      shown(DataPointType.EXPONENTIAL_HISTOGRAM, exponential),
    ].flatMap((one) => one.shown),
  ],
  measured: [
    ...measured("level", 1).measured,
    ...measured("increment", 1, { points: [{ labels: {}, value: 1, before: 2 }] }).measured,
    ...measured("histogram", { ...explicit, ...buckets, kind: "explicit" }).measured,
    ...measured("histogram", { ...exponential, kind: "exponential" }).measured,
  ],
  handover: "{}",
};
const places = [...pathsIn(everything)].map((path) => ({ path, name: path.join(".") }));

it.each(places)("checks what is at $name", ({ path, name }) => {
  expect(isWorkerMetrics(everything)).toBe(true);
  expect(isWorkerMetrics(withAt(everything, path, true))).toBe(false);
  expect(isWorkerMetrics(withAt(everything, path, [null]))).toBe(false);
  const isOptional = OPTIONAL.includes(path.at(-1) as string);
  const mayBeNull = MAY_BE_NULL.test(name);
  expect(isWorkerMetrics(withAt(everything, path, undefined))).toBe(isOptional || mayBeNull);
  expect(isWorkerMetrics(withAt(everything, path, null))).toBe(mayBeNull);
});

it.each(["boundaries", "counts", "bucketCounts"])(
  "refuses one more number in %s than there is, or one of no value",
  (list) => {
    for (const { path } of places.filter((one) => one.path.at(-1) === list)) {
      expect(isWorkerMetrics(withAt(everything, [...path, "0"], Number.NaN))).toBe(false);
      expect(isWorkerMetrics(withAt(everything, path, []))).toBe(list === "bucketCounts");
    }
  },
);
