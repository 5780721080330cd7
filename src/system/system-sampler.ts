import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { CpuMeter, type CpuSources } from "./cpu.ts";
import { readCpuTimes } from "./cpu-times.ts";
import { type DiskSources, readDiskPercent } from "./disk.ts";
import { type MemorySources, readMemoryUse } from "./memory.ts";
import { NetworkMeter, type NetworkSources } from "./network.ts";
import { sleep } from "./sleep.ts";

/** A part of the measurement. If one fails, the others do not. */
export type SystemPart = "cpu" | "memory" | "disk" | "network";

/**
 * The state of the system and of this process. Percentages are 0 to 100. What can't be measured is
 * absent.
 */
export interface SystemSample {
  /** Of the container if it has a quota, else of the machine. Since the last sample. */
  readonly cpuPercent?: number;
  /** Of the container's limit if it has one, else of the machine's memory. */
  readonly memoryPercent?: number;
  /** Of the file system of the working directory. */
  readonly diskPercent?: number;
  /** Received and sent together, on all interfaces except the loopback. Since the last sample. */
  readonly networkBytesPerSecond?: number;
  /** Of the CPU that this process may use. Since the last sample. */
  readonly processCpuPercent?: number;
  /** The resident set, in percent of the container's limit or of the machine's memory. */
  readonly processMemoryPercent?: number;
}

/** The CPU, memory and network of the machine that this process runs on. */
export const THIS_MACHINE: CpuSources & MemorySources & NetworkSources = {
  root: "/",
  now: () => performance.now(),
  cpuTimes: () => readCpuTimes(THIS_MACHINE.root, cpus),
  availableParallelism,
  processCpuUsage: () => process.cpuUsage(),
  totalMemory: totalmem,
  freeMemory: freemem,
  residentSetSize: () => process.memoryUsage.rss(),
};

/** How long a sample waits for its parts. A file system whose server is gone may never answer. */
const PATIENCE_MILLIS = 1000;

/** Sources that replace the real ones, and a listener for errors. */
export interface SystemSamplerOptions
  extends Partial<CpuSources & MemorySources & DiskSources & NetworkSources> {
  /** How long a sample waits for its parts; default 1 s. */
  readonly patienceMillis?: number;
  /** Called once for each part that can't be measured. */
  readonly onError?: (part: SystemPart, error: unknown) => void;
}

/**
 * Measures the machine or container that this process runs in, and the process itself. Never
 * throws.
 */
export class SystemSampler {
  readonly #parts: readonly (readonly [SystemPart, () => Promise<SystemSample>])[];
  readonly #onError: (part: SystemPart, error: unknown) => void;
  readonly #patienceMillis: number;
  readonly #reported = new Set<SystemPart>();
  /** Parts that are being measured. What hangs is not asked again: each question may hold a thread of the pool. */
  readonly #underWay = new Set<SystemPart>();
  #running: Promise<SystemSample> | undefined;

  constructor({
    onError = () => {},
    patienceMillis = PATIENCE_MILLIS,
    root = THIS_MACHINE.root,
    ...given
  }: SystemSamplerOptions = {}) {
    const sources = {
      ...THIS_MACHINE,
      root,
      cpuTimes: () => readCpuTimes(root, cpus),
      statfs: (path: string) => statfs(path),
      folder: () => process.cwd(),
      ...given,
    };
    const cpu = new CpuMeter(sources);
    const network = new NetworkMeter(sources);
    this.#onError = onError;
    this.#patienceMillis = patienceMillis;
    this.#parts = [
      ["cpu", () => cpu.read()],
      ["memory", () => readMemoryUse(sources)],
      ["disk", async () => named("diskPercent", await readDiskPercent(sources))],
      ["network", async () => named("networkBytesPerSecond", await network.read())],
    ];
  }

  /** Measures now. A call during another measurement gets the same sample. */
  sample(): Promise<SystemSample> {
    this.#running ??= this.#measure().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #measure(): Promise<SystemSample> {
    const over = new AbortController();
    const late = sleep(this.#patienceMillis, over.signal).then(() => "late" as const);
    const measured = await Promise.all(this.#parts.map(([part, read]) => this.#guarded(part, read, late)));
    // Without a reason, Node makes an error with a stack at each sample.
    over.abort("measured");
    return Object.assign({}, ...measured);
  }

  /** A part of the sample; empty if it fails or comes too late. */
  async #guarded(
    part: SystemPart,
    read: () => Promise<SystemSample>,
    late: Promise<"late">,
  ): Promise<SystemSample> {
    if (this.#underWay.has(part)) return {};
    this.#underWay.add(part);
    const reading = read()
      .catch((error: unknown) => this.#failed(part, error))
      .finally(() => this.#underWay.delete(part));
    const sample = await Promise.race([reading, late]);
    if (sample !== "late") return sample;
    return this.#failed(part, new Error(`no answer within ${this.#patienceMillis} ms`));
  }

  /** Reports the first failure of a part. */
  #failed(part: SystemPart, error: unknown): SystemSample {
    if (!this.#reported.has(part)) {
      this.#reported.add(part);
      this.#onError(part, error);
    }
    return {};
  }
}

/**
 * The part of a sample that is of the process alone. The process that shows the others measures the
 * machine.
 */
export function processPartOf({ processCpuPercent, processMemoryPercent }: SystemSample): SystemSample {
  return {
    ...named("processCpuPercent", processCpuPercent),
    ...named("processMemoryPercent", processMemoryPercent),
  };
}

/** A sample without the parts that cover the time since the last sample. */
export function rateless({ memoryPercent, diskPercent, processMemoryPercent }: SystemSample): SystemSample {
  return {
    ...named("memoryPercent", memoryPercent),
    ...named("diskPercent", diskPercent),
    ...named("processMemoryPercent", processMemoryPercent),
  };
}

/**
 * CPU time of this thread since its start, in microseconds. In older Nodes: the time that its event
 * loop was busy.
 */
export function threadCpuUsage(): NodeJS.CpuUsage {
  // Newer than the oldest Node that this package runs on.
  const { threadCpuUsage: measure } = process as Partial<Pick<NodeJS.Process, "threadCpuUsage">>;
  if (measure !== undefined) return measure.call(process);
  return { user: performance.eventLoopUtilization().active * 1000, system: 0 };
}

/** Bytes of this thread's heap, and of the memory outside of it that it refers to. */
export function threadMemory(): number {
  const { total_physical_size, malloced_memory, external_memory } = getHeapStatistics();
  return total_physical_size + malloced_memory + external_memory;
}

function named<Name extends keyof SystemSample>(name: Name, value: number | undefined): SystemSample {
  return value === undefined ? {} : { [name]: value };
}
