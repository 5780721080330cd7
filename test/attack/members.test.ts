import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationType, MeterProvider, type ScopeMetrics } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";
import { measuredMetrics } from "../../src/otel/measured-metrics.ts";
import { readHandover } from "../../src/processes/handover-state.ts";
import { ReportedAgents } from "../../src/processes/reported-agents.ts";
import { WorkerTotals } from "../../src/processes/worker-totals.ts";
import { EndpointReader } from "../../src/prometheus/endpoint-reader.ts";
import { MetricsSerializer } from "../../src/prometheus/serialize.ts";
import { runs } from "../harness/runs.ts";
import { Harness } from "../run/harness.ts";
import { anyChange } from "./harness/any-change.ts";
import { anyJson } from "./harness/any-text.ts";

const OWN_NAME = "own";

/** What an endpoint of a worker shows, and what it has measured. */
async function collected(isOwn: boolean): Promise<{ shown: ScopeMetrics[]; measured: unknown }> {
  const reader = new CollectionReader({ maxAttributeSets: 100 });
  const endpoint = new EndpointReader();
  const views = [
    { instrumentName: "exponential", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const },
  ];
  const meter = new MeterProvider({ readers: [reader, endpoint], views }).getMeter(
    isOwn ? "of this process" : "shop",
  );
  meter.createCounter(isOwn ? OWN_NAME : "orders").add(5, { kind: "a" });
  meter.createHistogram("seconds").record(2, { kind: "a" });
  meter.createHistogram("exponential").record(2);
  meter.createGauge("level").record(7, { kind: "a" });
  meter.createUpDownCounter("open").add(3);
  const { resourceMetrics } = await endpoint.collect();
  return { shown: resourceMetrics.scopeMetrics, measured: atOnce(measuredMetrics(await reader.collect())) };
}

let own: ScopeMetrics[];
let sound: object;
let handover: object;

beforeAll(async () => {
  own = (await collected(true)).shown;
  const worker = await collected(false);
  sound = asReceived({ self: "w", series: [], worker: { id: "1", ...worker } });
  const state = { number: 2, ended: worker.shown, workers: [{ id: "2", number: 3, shown: worker.shown }] };
  handover = asReceived({ id: "0", ...state });
});

async function pageOf(shown: readonly ScopeMetrics[]): Promise<string> {
  const resource = resourceFromAttributes({});
  const parts = await new MetricsSerializer().serialize([{ resource, scopeMetrics: [...shown] }], resource);
  return Buffer.concat(parts).toString();
}

it("report and handover of a cluster worker", async () => {
  const report = fc.oneof({ arbitrary: anyChange(sound), weight: 9 }, fc.constant(sound), anyJson);
  const state = fc.oneof({ arbitrary: anyChange(handover), weight: 9 }, anyJson);
  await fc.assert(
    fc.asyncProperty(fc.array(report, { maxLength: 4 }), state, async (reports, handedOver) => {
      const harness = new Harness();
      const workers = new WorkerTotals();
      workers.addSelf("self");
      const clock = () => 0;
      const members = new ReportedAgents({
        now: clock,
        elapsedMillis: clock,
        expiryMillis: 1,
        ownNames: () => [],
        workers,
      });
      harness.pipeline.readers.share((measured) => workers.takeMeasured(measured));
      const given = readHandover(JSON.stringify(handedOver));
      if (given !== undefined) workers.continueFrom(given);
      for (const [id, given] of reports.entries()) members.take(`worker ${id}`, given);
      expect(await pageOf(workers.sumWith(own) ?? [])).toMatch(/^own_total\{.*\} 5$/m);
      await harness.ticks(2);
      expect(Object.fromEntries(harness.pipeline.skips.counts)).not.toHaveProperty("tick_failed");
      expect(harness.pipeline.health().healthy).toBe(true);
      members.remove("worker 0");
      expect(await pageOf(workers.sumWith(own) ?? [])).toMatch(/^own_total\{.*\} 5$/m);
    }),
    { numRuns: runs(30) },
  );
});

function asReceived(sent: object): object {
  return JSON.parse(JSON.stringify(sent));
}
