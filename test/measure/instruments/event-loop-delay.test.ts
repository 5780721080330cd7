import { setTimeout as delay } from "node:timers/promises";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { RESOLUTION_MILLIS, withUsualDelays } from "../../../src/measure/instruments/event-loop-delay.ts";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";

/** What the instrumentation measures of the event loop, by the last part of the name, in seconds. */
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

it("tells delays of the event loop as with the usual resolution, and sees a block of it whole", async () => {
  const reader = new CollectionReader({ maxAttributeSets: 100 });
  const provider = new MeterProvider({ readers: [reader] });
  const instrumentation = new RuntimeNodeInstrumentation({ monitoringPrecision: RESOLUTION_MILLIS });
  instrumentation.setMeterProvider(withUsualDelays(provider));
  instrumentation.enable();
  // The instrumentation tells nothing before five looks.
  await delay(8 * RESOLUTION_MILLIS);
  const quiet = await delays(reader);
  // Each collection begins a new histogram, which counts from its second look on.
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
