import type { BatchObservableResult, Meter, Observable } from "@opentelemetry/api";
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

/** Some instruments, and what they show of a reading. */
interface Observed {
  readonly instruments: readonly Observable[];
  observe(result: BatchObservableResult, now: Reading, before: Reading): void;
}

/**
 * Observes the CPU and the memory of the machine and of the process, with the names and attributes of
 * `@opentelemetry/instrumentation-host-metrics`. That calls `os.cpus()` when it is loaded and at each collection,
 * which stops the process for long on some machines: see `readCpuTimes`. And after a CPU was added to the machine,
 * it has no numbers any more.
 */
export function observeHost(meter: Meter, sources: HostSources): void {
  const all = [machineCpu(meter), machineMemory(meter, sources), ofProcess(meter, sources)];
  let last: Reading | undefined;
  // So the first collection has shares already. If this reading fails, only they are missing.
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
      for (const { observe } of all) observe(result, now, before);
    },
    all.flatMap(({ instruments }) => instruments),
  );
}

function machineCpu(meter: Meter): Observed {
  const time = meter.createObservableCounter("system.cpu.time", {
    description: "Cpu time in seconds",
    unit: "s",
  });
  const utilization = meter.createObservableGauge("system.cpu.utilization", {
    description: "Cpu usage time 0-1",
  });
  return {
    instruments: [time, utilization],
    observe: (result, now, before) => {
      const elapsed = now.at - before.at;
      for (const [number, times] of now.machine) {
        const timesBefore = before.machine.get(number);
        for (const [mode, key] of MODES) {
          const attributes = { "cpu.mode": mode, "cpu.logical_number": String(number) };
          result.observe(time, times[key] / 1000, attributes);
          if (timesBefore !== undefined && elapsed > 0)
            result.observe(utilization, (times[key] - timesBefore[key]) / elapsed, attributes);
        }
      }
    },
  };
}

function machineMemory(meter: Meter, { totalMemory, freeMemory }: HostSources): Observed {
  const usage = meter.createObservableGauge("system.memory.usage", { description: "Memory usage in bytes" });
  const utilization = meter.createObservableGauge("system.memory.utilization", {
    description: "Memory usage 0-1",
  });
  return {
    instruments: [usage, utilization],
    observe: (result) => {
      const total = totalMemory();
      const free = freeMemory();
      const show = (state: string, bytes: number): void => {
        const attributes = { "system.memory.state": state };
        result.observe(usage, bytes, attributes);
        result.observe(utilization, bytes / total, attributes);
      };
      show("used", total - free);
      show("free", free);
    },
  };
}

function ofProcess(meter: Meter, { residentSetSize }: HostSources): Observed {
  const cpuTime = meter.createObservableCounter("process.cpu.time", {
    description: "Process Cpu time in seconds",
    unit: "s",
  });
  const cpuUtilization = meter.createObservableGauge("process.cpu.utilization", {
    description: "Process Cpu usage time 0-1",
  });
  const memory = meter.createObservableGauge("process.memory.usage", {
    description: "Process Memory usage in bytes",
  });
  return {
    instruments: [cpuTime, cpuUtilization, memory],
    observe: (result, now, before) => {
      const availableMicros = (now.at - before.at) * 1000 * now.machine.size;
      for (const mode of PROCESS_MODES) {
        const attributes = { "cpu.mode": mode };
        const used = now.process[mode] - before.process[mode];
        result.observe(cpuTime, now.process[mode] / 1e6, attributes);
        if (availableMicros > 0) result.observe(cpuUtilization, used / availableMicros, attributes);
      }
      result.observe(memory, residentSetSize());
    },
  };
}

async function readingOf(sources: HostSources): Promise<Reading> {
  const machine = await sources.cpuTimes();
  return { at: sources.now(), machine, process: sources.processCpuUsage() };
}
