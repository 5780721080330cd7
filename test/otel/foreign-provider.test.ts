import { AggregationTemporality, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import { CollectionReader } from "../../src/otel/collection-reader.ts";

/** How many sets an instrument may have for each reader. */
const LIMIT = 20;
const ROUNDS = 4;

/** A reader of the application, whose exporter wants increments or totals. */
class OwnReader extends MetricReader {
  constructor(temporality: AggregationTemporality) {
    super({ aggregationTemporalitySelector: () => temporality, cardinalitySelector: () => LIMIT });
  }

  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** What the reader of an application exports, with new attribute sets before each collection. */
async function exported(temporality: AggregationTemporality, ours: readonly CollectionReader[]) {
  const reader = new OwnReader(temporality);
  const provider = new MeterProvider({ readers: [reader, ...ours] });
  const meter = provider.getMeter("app");
  const counter = meter.createCounter("counter");
  const histogram = meter.createHistogram("histogram");
  const rounds: unknown[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let set = 0; set < LIMIT - 5; set += 1) {
      counter.add(1, { set: `${round}.${set}` });
      histogram.record(1, { set: `${round}.${set}` });
    }
    const { resourceMetrics } = await reader.collect();
    rounds.push(
      resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor, dataPoints }) => ({
          name: descriptor.name,
          sets: dataPoints.map(({ attributes }) => attributes),
        })),
      ),
    );
    for (const other of ours) await other.collect();
  }
  return rounds;
}

describe("a provider of the application", () => {
  it.each([
    ["increments", AggregationTemporality.DELTA],
    ["totals", AggregationTemporality.CUMULATIVE],
  ])(
    "exports its %s as it would without our reader, however many sets come and go",
    async (_, temporality) => {
      const beside = await exported(temporality, [new CollectionReader({ maxAttributeSets: LIMIT })]);
      expect(beside).toEqual(await exported(temporality, []));
    },
  );
});
