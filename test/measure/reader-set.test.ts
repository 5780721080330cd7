import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it, vi } from "vitest";
import { Hurry } from "../../src/core/hurry.ts";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import { type Steps, YieldingRunner } from "../../src/core/yielding-runner.ts";
import { SkipLog } from "../../src/logging/skip-log.ts";
import { ReaderSet } from "../../src/measure/reader-set.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";

const ATTRIBUTE_SETS = 100;

/** A provider with a gauge, and the reader of it. */
function provided(name: string, reader: CollectionReader): CollectionReader {
  const meter = new MeterProvider({ readers: [reader] }).getMeter("app");
  meter.createObservableGauge(name).addCallback((result) => result.observe(1));
  return reader;
}

// biome-ignore lint/correctness/useYield: there is nothing to do.
function* noWork(): Steps<readonly MeasuredMetric[]> {
  return [];
}

function readerSet() {
  const skips = new SkipLog();
  const own = provided("own", new CollectionReader({ maxAttributeSets: ATTRIBUTE_SETS }));
  const readers = new ReaderSet({
    ...{ own, skips, hurry: new Hurry(), maxAttributeSets: ATTRIBUTE_SETS, timeoutMillis: 10_000 },
    clock: { elapsedMillis: () => 0, pause: async () => {} },
    work: { collect: noWork },
  });
  const applications = ["one", "two"].map((name) => provided(name, readers.newReader()));
  for (const reader of applications) readers.add(reader);
  return { readers, skips, applications };
}

async function names(readers: ReaderSet): Promise<string[][]> {
  const { own, application } = await readers.collect(0);
  return [own, application].map((metrics) => metrics.map(({ name }) => name));
}

it("collects from our reader and from those of the application", async () => {
  const { readers, skips } = readerSet();
  expect(await names(readers)).toEqual([["own"], ["one", "two"]]);
  expect([...skips.counts]).toEqual([]);
});

it("loses only what is of a reader that cannot collect, and counts it", async () => {
  const { readers, skips, applications } = readerSet();
  vi.spyOn(applications[0] as CollectionReader, "collect").mockRejectedValue(new Error("no"));
  expect(await names(readers)).toEqual([["own"], ["two"]]);
  expect([...skips.counts]).toEqual([["collection_failed", 1]]);
});

it("lets the application run between two metrics that it reads", async () => {
  const { readers } = readerSet();
  let elapsed = 0;
  const pause = vi.fn(async () => {});
  const slow = { elapsedMillis: () => (elapsed += 1000), pause };
  await readers.collect(0, false, new YieldingRunner(slow));
  // Each is looked at twice, except for our own, of which no attribute set is gone.
  expect(pause).toHaveBeenCalledTimes(2 + 2 + 1);
});

it("asks a provider no more that was shut down", async () => {
  const { readers, skips, applications } = readerSet();
  await applications[0]?.shutdown();
  expect(await names(readers)).toEqual([["own"], ["two"]]);
  expect([...skips.counts]).toEqual([]);
});
