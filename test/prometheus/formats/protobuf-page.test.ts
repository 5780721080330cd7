import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { resourceFromAttributes } from "@opentelemetry/resources";
import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { EXEMPLAR } from "../../../src/core/exemplar.ts";
import { FINE_BUCKETS } from "../../../src/core/fine-buckets.ts";
import type { DroppedPoints } from "../../../src/prometheus/metric-families.ts";
import { MetricsSerializer } from "../../../src/prometheus/serialize.ts";
import { anyKey, anyScopes, anyText } from "../any-metrics.ts";
import { type MetricSpec, resourceMetrics } from "../metric-data.ts";
import { parseTextFormat } from "../text-format.ts";

const proto = readFileSync(resolve(import.meta.dirname, "../../fixtures/prometheus-client.proto"), "utf8");
const Family = protobuf.parse(proto, { keepCase: true }).root.lookupType("client.Family");

interface ReadFamily {
  readonly name: string;
  readonly type?: number;
  readonly metrics?: { readonly labels?: { readonly name: string; readonly value: string }[] }[];
}

function read(bytes: Uint8Array): ReadFamily[] {
  const reader = protobuf.Reader.create(bytes);
  const families: ReadFamily[] = [];
  while (reader.pos < reader.len)
    families.push(Family.toObject(Family.decodeDelimited(reader), { longs: Number }) as ReadFamily);
  return families;
}

async function written(
  ...specs: MetricSpec[]
): Promise<{ families: ReadFamily[]; dropped: DroppedPoints[] }> {
  const dropped: DroppedPoints[] = [];
  const serializer = new MetricsSerializer((what) => dropped.push(what));
  const pieces = await serializer.serialize([resourceMetrics({ app: specs })], undefined, "protobuf");
  return { families: read(Buffer.concat(pieces)), dropped };
}

describe("a page in protobuf", () => {
  it("has gauges, counters and both kinds of histograms", async () => {
    const explicit = { buckets: { boundaries: [0.5, 1], counts: [1, 2, 3] }, count: 6, sum: 7.5 };
    const exponential = {
      scale: 0,
      zeroCount: 1,
      positive: { offset: 0, bucketCounts: [2] },
      negative: { offset: 0, bucketCounts: [] },
      count: 3,
      sum: 4,
    };
    const { families, dropped } = await written(
      { name: "level", description: "A level.", points: [[{ agent: 'x"\\\n', b: 'a="1",' }, 0]] },
      { name: "jobs", kind: "counter", points: [[{}, 3]] },
      { name: "time", kind: "histogram", unit: "s", points: [[{}, explicit]] },
      { name: "size", kind: "exponential", unit: "By", points: [[{}, exponential]] },
    );
    expect(dropped).toEqual([]);
    expect(families).toEqual([
      {
        name: "level",
        help: "A level.",
        type: 1,
        metrics: [
          {
            labels: [
              { name: "agent", value: 'x"\\\n' },
              { name: "b", value: 'a="1",' },
            ],
            gauge: { value: 0 },
          },
        ],
      },
      {
        name: "jobs_total",
        help: "No description.",
        type: 0,
        metrics: [{ counter: { value: 3 } }],
      },
      {
        name: "time_seconds",
        help: "No description.",
        type: 4,
        metrics: [
          {
            histogram: {
              count: 6,
              sum: 7.5,
              buckets: [
                { count: 1, bound: 0.5 },
                { count: 3, bound: 1 },
                { count: 6, bound: Infinity },
              ],
            },
          },
        ],
      },
      {
        name: "size_bytes",
        help: "No description.",
        type: 4,
        metrics: [
          {
            histogram: {
              count: 3,
              sum: 4,
              schema: 0,
              zeroThreshold: 0,
              zeroCount: 1,
              buckets: [
                { count: 1, bound: 0 },
                { count: 3, bound: 2 },
                { count: 3, bound: Infinity },
              ],
              positiveSpans: [{ offset: 1, length: 1 }],
              positiveDeltas: [2],
            },
          },
        ],
      },
    ]);
  });

  it("says when a counter and a histogram began", async () => {
    const metrics = resourceMetrics({ app: [{ name: "jobs", kind: "counter", points: [[{}, 3]] }] });
    const [point] = metrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
    Object.assign(point ?? {}, { startTime: [1_700_000_000, 5] });
    const pieces = await new MetricsSerializer().serialize([metrics], undefined, "protobuf");
    expect(read(Buffer.concat(pieces))[0]?.metrics).toEqual([
      { counter: { value: 3, created: { seconds: 1_700_000_000, nanos: 5 } } },
    ]);
  });

  it("leaves out the classic buckets of native histograms only, if they are not wanted", async () => {
    const explicit = { buckets: { boundaries: [1], counts: [1, 2] }, count: 3, sum: 7.5 };
    const none = { offset: 0, bucketCounts: [] };
    const exponential = { scale: 0, zeroCount: 2, positive: none, negative: none, count: 2, sum: 0 };
    const metrics = resourceMetrics({
      app: [
        { name: "time", kind: "histogram", points: [[{}, explicit]] },
        { name: "size", kind: "exponential", points: [[{}, exponential]] },
      ],
    });
    const serializer = new MetricsSerializer(undefined, undefined, false);
    const pieces = await serializer.serialize([metrics], undefined, "protobuf");
    const shown = read(Buffer.concat(pieces)).map(({ name, metrics: [metric] = [] }) => [name, metric]);
    expect(shown).toMatchObject([
      ["time", { histogram: { buckets: [{ count: 1, bound: 1 }, { count: 3 }] } }],
      ["size", { histogram: { count: 2, zeroCount: 2 } }],
    ]);
    expect(shown[1]?.[1]).not.toHaveProperty("histogram.buckets");
  });

  it("has the native form of a histogram with finer buckets, and its exemplar", async () => {
    const histogram = { buckets: { boundaries: [2], counts: [3, 0] }, count: 3, sum: 4 };
    const positive = { offset: -1, bucketCounts: [1, 2] };
    const fine = { scale: 6, zeroCount: 0, positive, negative: { offset: 0, bucketCounts: [] } };
    const exemplar = { traceId: "a1", spanId: "b2", value: 1.5, at: 1_700_000_000_250 };
    const properties = { [FINE_BUCKETS]: { value: fine }, [EXEMPLAR]: { value: exemplar } };
    const value = Object.defineProperties(histogram, properties);
    const { families } = await written({ name: "time", kind: "histogram", points: [[{}, value]] });
    expect(families[0]?.metrics).toMatchObject([
      {
        histogram: {
          ...{ count: 3, sum: 4, schema: 6 },
          buckets: [{ count: 3, bound: 2, exemplar: { value: 1.5 } }, { count: 3 }],
          positiveSpans: [{ length: 2 }],
          positiveDeltas: [1, 1],
          exemplars: [
            {
              labels: [
                { name: "trace_id", value: "a1" },
                { name: "span_id", value: "b2" },
              ],
              value: 1.5,
              time: { seconds: 1_700_000_000, nanos: 250_000_000 },
            },
          ],
        },
      },
    ]);
  });

  it("has the exemplar of a counter, and none of a gauge", async () => {
    const exemplar = { traceId: "a1", spanId: "b2", value: 1, at: 1_700_000_000_250 };
    const { families } = await written(
      { name: "tasks", kind: "counter", points: [[{}, 3]], exemplar },
      { name: "level", points: [[{}, 4]], exemplar },
    );
    const labels = [
      { name: "trace_id", value: "a1" },
      { name: "span_id", value: "b2" },
    ];
    const time = { seconds: 1_700_000_000, nanos: 250_000_000 };
    expect(families.map(({ metrics }) => metrics)).toEqual([
      [{ counter: { value: 3, exemplar: { labels, value: 1, time } } }],
      [{ gauge: { value: 4 } }],
    ]);
  });

  it("marks an empty native histogram as one", async () => {
    const empty = { offset: 0, bucketCounts: [] };
    const value = { scale: 3, zeroCount: 0, positive: empty, negative: empty, count: 0, sum: 0 };
    const { families } = await written({ name: "size", kind: "exponential", points: [[{}, value]] });
    expect(families[0]?.metrics).toMatchObject([
      { histogram: { positiveSpans: [{ offset: 0, length: 0 }] } },
    ]);
  });

  it("leaves out and reports what has no value", async () => {
    const { dropped } = await written(
      { name: "level", points: [[{}, "high"]] },
      { name: "size", kind: "exponential", points: [[{}, 7]] },
    );
    expect(dropped).toEqual([
      { metric: "level", reason: "invalid-value", points: 1 },
      { metric: "size", reason: "invalid-value", points: 1 },
    ]);
  });

  it("has the same series as the text, whatever the metrics are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyScopes, { maxLength: 3 }),
        fc.dictionary(anyKey, anyText),
        async (scopes, attributes) => {
          const metrics = scopes.map(resourceMetrics);
          const resource = resourceFromAttributes(attributes);
          const bytes = Buffer.concat(await new MetricsSerializer().serialize(metrics, resource, "protobuf"));
          const text = Buffer.concat(await new MetricsSerializer().serialize(metrics, resource)).toString();
          const ofText = [...parseTextFormat(text).values()];
          const families = read(bytes);
          expect(families.map(({ name }) => name)).toEqual(ofText.map(({ name }) => name));
          for (const [index, { metrics: ofFamily = [] }] of families.entries()) {
            const { type, samples = [] } = ofText[index] ?? {};
            if (type === "histogram") continue;
            expect(ofFamily.map(({ labels = [] }) => labels.map(({ name, value }) => [name, value]))).toEqual(
              samples.map(({ labels }) => Object.entries(labels)),
            );
          }
        },
      ),
    );
  });
});
