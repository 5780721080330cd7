import type { Meter } from "@opentelemetry/api";

/** What a sampler of the machine gives; what it could not measure is absent. */
interface SystemSample {
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
  readonly diskPercent?: number;
  readonly networkBytesPerSecond?: number;
  readonly processCpuPercent?: number;
  readonly processMemoryPercent?: number;
}

const systemGauges = [
  {
    name: "system.cpu.usage_percent",
    unit: "%",
    read: (it: SystemSample) => it.cpuPercent,
    what: "CPU in use",
  },
  {
    name: "system.memory.usage_percent",
    unit: "%",
    read: (it: SystemSample) => it.memoryPercent,
    what: "Memory in use",
  },
  {
    name: "system.disk.usage_percent",
    unit: "%",
    read: (it: SystemSample) => it.diskPercent,
    what: "Space in use where the process works",
  },
  {
    name: "system.network.io_bytes_per_second",
    unit: "",
    read: (it: SystemSample) => it.networkBytesPerSecond,
    what: "Bytes a second in and out of the machine",
  },
] as const;

const processGauges = [
  {
    name: "cpu.usage_percent",
    read: (it: SystemSample) => it.processCpuPercent,
    what: "CPU that the agent uses",
  },
  {
    name: "memory.usage_percent",
    read: (it: SystemSample) => it.processMemoryPercent,
    what: "Memory that the agent uses",
  },
] as const;

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
  const ofSystem = systemGauges.map(({ name, unit, read, what }) => ({
    gauge: meter.createObservableGauge(name, { unit, description: what }),
    read,
  }));
  const ofProcess = processGauges.map(({ name, read, what }) => ({
    gauge: meter.createObservableGauge(`${namespace}.${name}`, { unit: "%", description: what }),
    read,
  }));
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
