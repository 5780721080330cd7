import type { Attributes } from "@opentelemetry/api";
import fc from "fast-check";
import type { MetricSpec } from "./metric-data.ts";

/** Keys and names that collide, and any others. */
export const anyKey = fc.oneof(
  fc.constantFrom(
    "a.b",
    "a_b",
    "a-b",
    "1x",
    "",
    "_",
    "__proto__",
    "__name__",
    "otel.scope.name",
    "otel_scope_name",
    "le",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
);
export const anyText = fc.oneof(
  fc.constantFrom("", "1", 'q"', "\\", "\n", "\\n", "{}", "a,b=", "\uD800"),
  fc.string({ unit: "binary" }),
);
const value = fc.oneof(anyText, fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true }));
const attributes = fc.dictionary(anyKey, value, { maxKeys: 4 }) as fc.Arbitrary<Attributes>;
export const anyName = fc.oneof(
  fc.constantFrom(
    "h",
    "h.count",
    "h_sum",
    "h.bucket",
    "x",
    "x.total",
    "x_total",
    "target.info",
    "1st",
    "_",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);
export const anyUnit = fc.constantFrom("", "s", "1", "By/s", "%", "{thing}", "total", "count", "weird unit");
export const anyNumber = fc.oneof(fc.double(), fc.integer());
const histogram = fc.array(fc.tuple(anyNumber, fc.nat(5)), { maxLength: 4 }).map((buckets) => ({
  buckets: { boundaries: buckets.map(([bound]) => bound), counts: [...buckets.map(([, count]) => count), 1] },
  count: 1,
  sum: 1,
}));
const anyCount = fc.oneof(
  { weight: 19, arbitrary: fc.nat(3) },
  fc.constantFrom(-1, 0.5, 2 ** 53, 1e308, -1e308, Number.NaN, Number.POSITIVE_INFINITY),
);
const side = fc.record({
  offset: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -2000, max: 2000 }) },
    fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 1e308, -1e308, 0.5, Number.NaN),
  ),
  bucketCounts: fc.array(anyCount, { maxLength: 9 }),
});
const exponential = fc.record({
  count: fc.nat(9),
  sum: anyNumber,
  scale: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -10, max: 20 }) },
    fc.constantFrom(-11, -12, 21, 0.5, 1e308, -1e308, Number.NaN),
  ),
  zeroCount: anyCount,
  positive: side,
  negative: side,
});
const kinds = { gauge: anyNumber, counter: anyNumber, "up-down-counter": anyNumber, histogram, exponential };

const metric = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])).chain((kind) =>
  fc.record({
    name: anyName,
    unit: anyUnit,
    description: anyText,
    kind: fc.constant(kind),
    points: fc.array(
      fc.tuple(
        attributes,
        fc.oneof({ weight: 9, arbitrary: kinds[kind] as fc.Arbitrary<unknown> }, fc.anything()),
      ),
      {
        maxLength: 3,
      },
    ),
  }),
) as fc.Arbitrary<MetricSpec>;
/** Metrics of several scopes for `resourceMetrics`, more hostile than those of any application. */
export const anyScopes = fc.dictionary(
  fc.constantFrom("otel-forecast", "app", "", 'lib"\n', "other"),
  fc.array(metric, { maxLength: 5 }),
);
