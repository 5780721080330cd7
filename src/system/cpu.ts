import { type CgroupCpu, readCgroupCpu } from "./cgroup.ts";
import type { MachineTimes } from "./cpu-times.ts";

/** Where the CPU measurements come from. `now` is a monotonic clock in milliseconds. */
export interface CpuSources {
  readonly root: string;
  readonly now: () => number;
  readonly cpuTimes: () => Promise<MachineTimes>;
  /** `os.availableParallelism` */
  readonly availableParallelism: () => number;
  /** `process.cpuUsage`, in microseconds since the start of the process. */
  readonly processCpuUsage: () => { readonly user: number; readonly system: number };
}

/** CPU use in percent, 0 to 100. A value is missing until there are two readings. */
export interface CpuUse {
  /** Of the container if it has a quota, else of the machine. */
  readonly cpuPercent?: number;
  /** Of the CPU that this process may use. */
  readonly processCpuPercent?: number;
}

interface CpuReading {
  readonly atMillis: number;
  readonly container: CgroupCpu | undefined;
  readonly machine: { readonly busyMillis: number; readonly totalMillis: number };
  readonly processMicros: number;
}

/**
 * Measures CPU use between one reading and the next. The first reading gives nothing, since there
 * is none before it.
 */
export class CpuMeter {
  readonly #sources: CpuSources;
  #previous: CpuReading | undefined;

  constructor(sources: CpuSources) {
    this.#sources = sources;
  }

  /** CPU use since the last reading. */
  async read(): Promise<CpuUse> {
    const before = this.#previous;
    const after = await takeReading(this.#sources);
    this.#previous = after;
    if (before === undefined) return {};
    const elapsedMicros = (after.atMillis - before.atMillis) * 1000;
    return {
      ...percent("cpuPercent", ...systemUse(before, after, elapsedMicros)),
      ...percent(
        "processCpuPercent",
        after.processMicros - before.processMicros,
        elapsedMicros * effectiveCores(after.container?.quotaCores, this.#sources.availableParallelism()),
      ),
    };
  }
}

async function takeReading(sources: CpuSources): Promise<CpuReading> {
  const machine = sumOf(await sources.cpuTimes());
  const container = await readCgroupCpu(sources.root);
  const { user, system } = sources.processCpuUsage();
  return {
    atMillis: sources.now(),
    container,
    machine,
    processMicros: user + system,
  };
}

/**
 * Used and available CPU time: of the container if it had a quota at both readings, else of the
 * machine.
 */
function systemUse(before: CpuReading, after: CpuReading, elapsedMicros: number): [number, number] {
  if (before.container !== undefined && after.container !== undefined) {
    return [
      after.container.usageMicros - before.container.usageMicros,
      elapsedMicros * after.container.quotaCores,
    ];
  }
  return [
    after.machine.busyMillis - before.machine.busyMillis,
    after.machine.totalMillis - before.machine.totalMillis,
  ];
}

function sumOf(machine: MachineTimes): CpuReading["machine"] {
  let busyMillis = 0;
  let totalMillis = 0;
  for (const { user, nice, sys, irq, idle } of machine.values()) {
    const busy = user + nice + sys + irq;
    busyMillis += busy;
    totalMillis += busy + idle;
  }
  return { busyMillis, totalMillis };
}

/**
 * The cores that the process can use at once. `availableParallelism` rounds a quota down (2.5
 * becomes 2). So a quota less than one core above it is the exact value of the same limit.
 * Otherwise the CPU affinity is the limit.
 */
function effectiveCores(quotaCores: number | undefined, availableParallelism: number): number {
  if (quotaCores === undefined) return availableParallelism;
  return quotaCores < availableParallelism + 1 ? quotaCores : availableParallelism;
}

/**
 * `{ [name]: percent }`. Empty if no time has passed, or if a counter fell (the cgroup was created
 * again).
 */
function percent<Name extends string>(
  name: Name,
  used: number,
  available: number,
): { [Key in Name]?: number } {
  if (!(available > 0) || !(used >= 0)) return {};
  return { [name]: Math.min(100, (used / available) * 100) } as { [Key in Name]?: number };
}
