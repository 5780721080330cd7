import { HostMetricsInstrumentation } from "@opentelemetry/instrumentation-host-metrics";
import {
  AggregationTemporality,
  type DataPoint,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { type HostSources, observeHost } from "../../../src/measure/instruments/host-instruments.ts";
import type { MachineTimes } from "../../../src/system/cpu-times.ts";
import { THIS_MACHINE } from "../../../src/system/system-sampler.ts";

function machineOf(...users: number[]): MachineTimes {
  return new Map(
    users.map((user, number) => [number, { user, sys: 2000, idle: 3000, irq: 4000, nice: 5000 }]),
  );
}

/** A collection by hand of what is observed on a provider. */
function collectorOf(observe: (provider: MeterProvider) => void) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  observe(new MeterProvider({ readers: [reader] }));
  return async (): Promise<MetricData[]> => {
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).toEqual([]);
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  };
}

function pointsOf(metrics: readonly MetricData[], name: string): [string, unknown][] {
  const { dataPoints = [] } = metrics.find(({ descriptor }) => descriptor.name === name) ?? {};
  return (dataPoints as DataPoint<unknown>[]).map(({ attributes, value }) => [
    Object.values(attributes).join(" "),
    value,
  ]);
}

function handSources(): { -readonly [Key in keyof HostSources]: HostSources[Key] } {
  return {
    cpuTimes: async () => machineOf(1000),
    processCpuUsage: () => ({ user: 500_000, system: 250_000 }),
    totalMemory: () => 400,
    freeMemory: () => 100,
    residentSetSize: () => 70,
    now: () => 1000,
  };
}

it("measures times since the start, and their shares since the last collection", async () => {
  const sources = handSources();
  const collect = collectorOf((provider) => observeHost(provider.getMeter("app"), sources));
  const first = await collect();
  expect(pointsOf(first, "system.cpu.time")).toEqual([
    ["user 0", 1],
    ["system 0", 2],
    ["idle 0", 3],
    ["interrupt 0", 4],
    ["nice 0", 5],
  ]);
  // No time has passed.
  expect(pointsOf(first, "system.cpu.utilization")).toEqual([]);
  expect(pointsOf(first, "process.cpu.utilization")).toEqual([]);
  sources.now = () => 3000;
  // A CPU was added meanwhile.
  sources.cpuTimes = async () => machineOf(1500, 9000);
  sources.processCpuUsage = () => ({ user: 2_500_000, system: 250_000 });
  const second = await collect();
  expect(pointsOf(second, "system.cpu.time").map(([labels]) => labels)).toContain("user 1");
  expect(pointsOf(second, "system.cpu.utilization")).toEqual([
    ["user 0", 0.25],
    ["system 0", 0],
    ["idle 0", 0],
    ["interrupt 0", 0],
    ["nice 0", 0],
  ]);
  expect(pointsOf(second, "process.cpu.time")).toEqual([
    ["user", 2.5],
    ["system", 0.25],
  ]);
  // 2 s of CPU time, of what two CPUs give in 2 s.
  expect(pointsOf(second, "process.cpu.utilization")).toEqual([
    ["user", 0.5],
    ["system", 0],
  ]);
  expect(pointsOf(second, "system.memory.usage")).toEqual([
    ["used", 300],
    ["free", 100],
  ]);
  expect(pointsOf(second, "system.memory.utilization")).toEqual([
    ["used", 0.75],
    ["free", 0.25],
  ]);
  expect(pointsOf(second, "process.memory.usage")).toEqual([["", 70]]);
});

it("goes on when the first reading has failed", async () => {
  const sources = handSources();
  sources.cpuTimes = async () => {
    throw new Error("no more file descriptors");
  };
  const collect = collectorOf((provider) => observeHost(provider.getMeter("app"), sources));
  await Promise.resolve();
  sources.cpuTimes = async () => machineOf(1000);
  expect(pointsOf(await collect(), "process.memory.usage")).toEqual([["", 70]]);
});

it("has the names, units, descriptions and attributes of the instrumentation of OpenTelemetry", async () => {
  const shapeOf = (metrics: readonly MetricData[]) =>
    metrics.map(({ descriptor, dataPointType, dataPoints }) => [
      descriptor,
      dataPointType,
      (dataPoints as DataPoint<unknown>[]).map(({ attributes }) => attributes),
    ]);
  const theirs = collectorOf((provider) => {
    const metricGroups = ["system.cpu", "system.memory", "process.cpu", "process.memory"] as const;
    const instrumentation = new HostMetricsInstrumentation({ metricGroups: [...metricGroups] });
    instrumentation.setMeterProvider(provider);
    instrumentation.enable();
  });
  const ours = collectorOf((provider) => observeHost(provider.getMeter("app"), THIS_MACHINE));
  const shape = shapeOf(await ours());
  expect(shape).toHaveLength(7);
  expect(shape).toEqual(shapeOf(await theirs()));
});
