import { MeterProvider } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EndpointReader } from "../../src/prometheus/endpoint-reader.ts";
import { MetricsSerializer } from "../../src/prometheus/serialize.ts";
import { runs } from "../harness/runs.ts";
import { anyKey, anyName, anyNumber, anyScopes, anyText, anyUnit } from "./any-metrics.ts";
import { resourceMetrics } from "./metric-data.ts";
import { parseTextFormat } from "./text-format.ts";

describe("the text of any metrics", () => {
  it("is accepted by Prometheus, at the first scrape and the next", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyScopes, { maxLength: 3 }),
        fc.array(anyScopes, { maxLength: 2 }),
        async (...scrapes) => {
          const serializer = new MetricsSerializer();
          for (const scrape of scrapes) {
            const pieces = await serializer.serialize(scrape.map(resourceMetrics));
            expect(() => parseTextFormat(Buffer.concat(pieces).toString())).not.toThrow();
          }
        },
      ),
      { numRuns: runs(500) },
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

  it("is accepted for anything that an application records through real instruments", async () => {
    const record = fc.record({
      name: anyName,
      unit: anyUnit,
      scope: fc.constantFrom("app", "lib"),
      attributes: fc.dictionary(anyKey, anyText),
      amount: anyNumber,
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
      { numRuns: runs(150) },
    );
  });
});
