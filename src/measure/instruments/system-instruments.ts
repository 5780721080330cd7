import type { Meter, ObservableGauge } from "@opentelemetry/api";
import { type AgentMetricKey, agentMetrics } from "../../metrics/agent-metrics.ts";
import type { OwnMetric } from "../../metrics/own-metric.ts";
import { SYSTEM_METRICS } from "../../metrics/system-metrics.ts";
import { createObservableGauge } from "../../otel/create-instrument.ts";

/** What a sampler of the machine gives; what it could not measure is absent. */
interface SystemSample {
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
  readonly diskPercent?: number;
  readonly networkBytesPerSecond?: number;
  readonly processCpuPercent?: number;
  readonly processMemoryPercent?: number;
}

/** How each metric of the machine is read from a sample. */
const READ_SYSTEM = {
  cpuUsage: ({ cpuPercent }) => cpuPercent,
  memoryUsage: ({ memoryPercent }) => memoryPercent,
  diskUsage: ({ diskPercent }) => diskPercent,
  networkIo: ({ networkBytesPerSecond }) => networkBytesPerSecond,
} as const satisfies Partial<Record<keyof typeof SYSTEM_METRICS, ReadSample>>;

/** How each metric of the process is read from a sample. */
const READ_PROCESS = {
  cpuUsage: ({ processCpuPercent }) => processCpuPercent,
  memoryUsage: ({ processMemoryPercent }) => processMemoryPercent,
} as const satisfies Partial<Record<AgentMetricKey, ReadSample>>;

type ReadSample = (sample: SystemSample) => number | undefined;

/**
 * Observes the machine, and the process on behalf of the agent that it is. `agentOfProcess` names that agent; with
 * none (several agents share the process) the process is nobody's.
 */
export function observeSystem(options: {
  meter: Meter;
  namespace: string;
  sample: () => Promise<SystemSample>;
  agentOfProcess: () => string | undefined;
}): void {
  const { meter, namespace, sample, agentOfProcess } = options;
  const ofSystem = gauges(meter, SYSTEM_METRICS, READ_SYSTEM);
  const ofProcess = gauges(meter, agentMetrics(namespace), READ_PROCESS);
  meter.addBatchObservableCallback(
    async (result) => {
      const sampled = await sample();
      const agent = agentOfProcess();
      for (const { gauge, read } of ofSystem) {
        const value = read(sampled);
        if (value !== undefined) result.observe(gauge, value);
      }
      for (const { gauge, read } of agent === undefined ? [] : ofProcess) {
        const value = read(sampled);
        if (value !== undefined) result.observe(gauge, value, { agent: agent as string });
      }
    },
    [...ofSystem, ...ofProcess].map(({ gauge }) => gauge),
  );
}

function gauges<Key extends string>(
  meter: Meter,
  metrics: Readonly<Record<Key, OwnMetric>>,
  readers: Partial<Record<Key, ReadSample>>,
): { readonly gauge: ObservableGauge; readonly read: ReadSample }[] {
  const entries = Object.entries(readers) as [Key, ReadSample][];
  return entries.map(([key, read]) => ({ gauge: createObservableGauge(meter, metrics[key]), read }));
}
