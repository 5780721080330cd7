import type { BatchObservableResult, Meter } from "@opentelemetry/api";
import type { CpuSources } from "../../system/cpu.ts";
import type { CpuTimes, MachineTimes } from "../../system/cpu-times.ts";
import type { MemorySources } from "../../system/memory.ts";

/** Where the numbers of the machine and of the process come from. */
export type HostSources = Pick<CpuSources, "cpuTimes" | "processCpuUsage" | "now"> &
  Pick<MemorySources, "totalMemory" | "freeMemory" | "residentSetSize">;

interface Reading {
  readonly at: number;
  readonly machine: MachineTimes;
  readonly process: ReturnType<HostSources["processCpuUsage"]>;
}

const MODES: readonly (readonly [mode: string, time: keyof CpuTimes])[] = [
  ["user", "user"],
  ["system", "sys"],
  ["idle", "idle"],
  ["interrupt", "irq"],
  ["nice", "nice"],
];
const PROCESS_MODES = ["user", "system"] as const;

/**
 * Observes the CPU and the memory of the machine and of the process, with the names and attributes of
 * `@opentelemetry/instrumentation-host-metrics`. That calls `os.cpus()` when it is loaded and at each collection,
 * which stops the process for long on some machines: see `readCpuTimes`. And after a CPU was added to the machine,
 * it has no numbers any more.
 */
export function observeHost(meter: Meter, sources: HostSources): void {
  const seconds = { unit: "s" };
  const cpuTime = meter.createObservableCounter("system.cpu.time", {
    ...seconds,
    description: "Cpu time in seconds",
  });
  const cpuUtilization = meter.createObservableGauge("system.cpu.utilization", {
    description: "Cpu usage time 0-1",
  });
  const memoryUsage = meter.createObservableGauge("system.memory.usage", {
    description: "Memory usage in bytes",
  });
  const memoryUtilization = meter.createObservableGauge("system.memory.utilization", {
    description: "Memory usage 0-1",
  });
  const processCpuTime = meter.createObservableCounter("process.cpu.time", {
    ...seconds,
    description: "Process Cpu time in seconds",
  });
  const processCpuUtilization = meter.createObservableGauge("process.cpu.utilization", {
    description: "Process Cpu usage time 0-1",
  });
  const processMemory = meter.createObservableGauge("process.memory.usage", {
    description: "Process Memory usage in bytes",
  });

  const observeMachine = (result: BatchObservableResult, now: Reading, before: Reading): void => {
    const elapsed = now.at - before.at;
    for (const [number, times] of now.machine) {
      const timesBefore = before.machine.get(number);
      for (const [mode, time] of MODES) {
        const attributes = { "cpu.mode": mode, "cpu.logical_number": String(number) };
        result.observe(cpuTime, times[time] / 1000, attributes);
        if (timesBefore !== undefined && elapsed > 0)
          result.observe(cpuUtilization, (times[time] - timesBefore[time]) / elapsed, attributes);
      }
    }
  };
  const observeProcess = (result: BatchObservableResult, now: Reading, before: Reading): void => {
    const availableMicros = (now.at - before.at) * 1000 * now.machine.size;
    for (const mode of PROCESS_MODES) {
      const attributes = { "cpu.mode": mode };
      result.observe(processCpuTime, now.process[mode] / 1e6, attributes);
      if (availableMicros > 0)
        result.observe(
          processCpuUtilization,
          (now.process[mode] - before.process[mode]) / availableMicros,
          attributes,
        );
    }
    result.observe(processMemory, sources.residentSetSize());
  };
  const observeMemory = (result: BatchObservableResult): void => {
    const total = sources.totalMemory();
    const free = sources.freeMemory();
    for (const [state, bytes] of [
      ["used", total - free],
      ["free", free],
    ] as const) {
      const attributes = { "system.memory.state": state };
      result.observe(memoryUsage, bytes, attributes);
      result.observe(memoryUtilization, bytes / total, attributes);
    }
  };

  let last: Reading | undefined;
  const first = readingOf(sources).then(
    (reading) => {
      last ??= reading;
    },
    () => {},
  );
  meter.addBatchObservableCallback(
    async (result) => {
      await first;
      const now = await readingOf(sources);
      const before = last ?? now;
      last = now;
      observeMachine(result, now, before);
      observeProcess(result, now, before);
      observeMemory(result);
    },
    [
      cpuTime,
      cpuUtilization,
      memoryUsage,
      memoryUtilization,
      processCpuTime,
      processCpuUtilization,
      processMemory,
    ],
  );
}

async function readingOf(sources: HostSources): Promise<Reading> {
  const machine = await sources.cpuTimes();
  return { at: sources.now(), machine, process: sources.processCpuUsage() };
}
