import { setTimeout as delay } from "node:timers/promises";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { RESOLUTION_MILLIS, withUsualDelays } from "../../../src/measure/instruments/event-loop-delay.ts";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";

/** The delays of the event loop in seconds, by the last part of the metric's name. */
async function delays(reader: CollectionReader): Promise<Record<string, number>> {
  const { resourceMetrics } = await reader.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return Object.fromEntries(
    metrics
      .filter(({ descriptor }) => descriptor.name.startsWith("nodejs.eventloop.delay."))
      .map(({ descriptor, dataPoints }) => [
        descriptor.name.split(".").at(-1),
        dataPoints[0]?.value as number,
      ]),
  );
}

it("measures delays of the event loop as with the default resolution, and the whole of a block", async () => {
  const reader = new CollectionReader({ maxAttributeSets: 100 });
  const provider = new MeterProvider({ readers: [reader] });
  const instrumentation = new RuntimeNodeInstrumentation({ monitoringPrecision: RESOLUTION_MILLIS });
  instrumentation.setMeterProvider(withUsualDelays(provider));
  instrumentation.enable();
  // The instrumentation measures nothing before five samples.
  await delay(8 * RESOLUTION_MILLIS);
  const quiet = await delays(reader);
  // Each collection starts a new histogram, which counts from its second sample on.
  await delay(3 * RESOLUTION_MILLIS);
  const until = performance.now() + 400;
  while (performance.now() < until);
  await delay(8 * RESOLUTION_MILLIS);
  const blocked = await delays(reader);
  instrumentation.disable();
  await provider.shutdown();
  expect(Object.keys(quiet).sort()).toEqual(["max", "mean", "min", "p50", "p90", "p99", "stddev"]);
  // Without the correction it would be 0.1.
  expect(quiet.min).toBeLessThan(0.09);
  expect(blocked.max).toBeGreaterThan(0.3);
});
