import type { Attributes } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EndpointReader } from "../../../src/telemetry/prometheus/endpoint-reader.ts";
import { MetricsSerializer } from "../../../src/telemetry/prometheus/serialize.ts";
import { type MetricSpec, resourceMetrics } from "./metric-data.ts";
import { parseTextFormat } from "./text-format.ts";

/** Keys and names that get in each other's way, and any others. */
const key = fc.oneof(
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
const text = fc.oneof(
  fc.constantFrom("", "1", 'q"', "\\", "\n", "\\n", "{}", "a,b=", "\uD800"),
  fc.string({ unit: "binary" }),
);
const value = fc.oneof(text, fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true }));
const attributes = fc.dictionary(key, value, { maxKeys: 4 }) as fc.Arbitrary<Attributes>;
const name = fc.oneof(
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
const unit = fc.constantFrom("", "s", "1", "By/s", "%", "{thing}", "total", "count", "weird unit");
const number = fc.oneof(fc.double(), fc.integer());
const histogram = fc.array(fc.tuple(number, fc.nat(5)), { maxLength: 4 }).map((buckets) => ({
  buckets: { boundaries: buckets.map(([bound]) => bound), counts: [...buckets.map(([, count]) => count), 1] },
  count: 1,
  sum: 1,
}));
const exponential = fc.record({
  count: fc.nat(9),
  sum: number,
  scale: fc.integer({ min: -10, max: 20 }),
  zeroCount: fc.nat(3),
  positive: fc.record({
    offset: fc.integer({ min: -2000, max: 2000 }),
    bucketCounts: fc.array(fc.nat(3), { maxLength: 9 }),
  }),
  negative: fc.record({
    offset: fc.integer({ min: -2000, max: 2000 }),
    bucketCounts: fc.array(fc.nat(3), { maxLength: 9 }),
  }),
});
const kinds = { gauge: number, counter: number, "up-down-counter": number, histogram, exponential };

const metric = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])).chain((kind) =>
  fc.record({
    name,
    unit,
    description: text,
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
const scopes = fc.dictionary(
  fc.constantFrom("otel-forecast", "app", "", 'lib"\n', "other"),
  fc.array(metric, { maxLength: 5 }),
);

describe("the text of any metrics", () => {
  it("is one that Prometheus takes, at the first scrape and the next", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(scopes, { maxLength: 3 }),
        fc.array(scopes, { maxLength: 2 }),
        async (...scrapes) => {
          const serializer = new MetricsSerializer();
          for (const scrape of scrapes) {
            const pieces = await serializer.serialize(scrape.map(resourceMetrics));
            expect(() => parseTextFormat(Buffer.concat(pieces).toString())).not.toThrow();
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps every series of distinct simple labels", async () => {
    const simple = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ minLength: 1 }), {
      maxKeys: 3,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(simple, { selector: (labels) => JSON.stringify(Object.entries(labels).sort()) }),
        async (sets) => {
          const points = sets.map((set, i) => [{ ...set }, i] as const);
          const pieces = await new MetricsSerializer().serialize([
            resourceMetrics({ app: [{ name: "g", points }] }),
          ]);
          const samples = parseTextFormat(Buffer.concat(pieces).toString()).get("g")?.samples ?? [];
          expect(samples.map(({ labels, value }) => [{ ...labels }, value])).toEqual(
            points.map(([set, i]) => [set, i]),
          );
        },
      ),
    );
  });

  it("is taken of whatever an app records through real instruments", async () => {
    const record = fc.record({
      name,
      unit,
      scope: fc.constantFrom("app", "lib"),
      attributes: fc.dictionary(key, text),
      amount: number,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 8 }), async (records) => {
        const reader = new EndpointReader({ onShutdown: async () => {} });
        const provider = new MeterProvider({ readers: [reader] });
        for (const { name: instrument, unit: u, scope, attributes: labels, amount } of records) {
          const meter = provider.getMeter(scope);
          meter.createGauge(instrument, { unit: u }).record(amount, labels);
          meter.createCounter(`${instrument}.n`, { unit: u }).add(Math.abs(amount), labels);
          meter.createHistogram(`${instrument}.h`, { unit: u }).record(Math.abs(amount), labels);
        }
        const { resourceMetrics: metrics } = await reader.collect();
        const pieces = await new MetricsSerializer().serialize([metrics], metrics.resource);
        expect(() => parseTextFormat(Buffer.concat(pieces).toString())).not.toThrow();
        await provider.shutdown();
      }),
      { numRuns: 150 },
    );
  });
});
