import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { performance } from "node:perf_hooks";
import { CpuMeter, type CpuSources } from "./cpu.ts";
import { type DiskSources, readDiskPercent } from "./disk.ts";
import { type MemorySources, readMemoryUse } from "./memory.ts";
import { NetworkMeter, type NetworkSources } from "./network.ts";

/** A part of what is measured: each fails by itself. */
export type SystemPart = "cpu" | "memory" | "disk" | "network";

/** How the system and this process are doing. Percents are 0..100; what can't be measured here is left out. */
export interface SystemSample {
  /** Of the container where it has a quota, else of the machine; since the sample before. */
  readonly cpuPercent?: number;
  /** Of the container where it has a limit, else of the machine. */
  readonly memoryPercent?: number;
  /** Of the file system of the working directory. */
  readonly diskPercent?: number;
  /** In and out together, over all interfaces but the loopback; since the sample before. */
  readonly networkBytesPerSecond?: number;
  /** Of the CPU that this process may use; since the sample before. */
  readonly processCpuPercent?: number;
  /** Resident set, of the container's limit or of the machine. */
  readonly processMemoryPercent?: number;
}

export interface SystemSamplerOptions
  extends Partial<CpuSources & MemorySources & DiskSources & NetworkSources> {
  /** Told of a part that can't be measured, once for each part. */
  readonly onError?: (part: SystemPart, error: unknown) => void;
}

/** Measures the machine or the container that this process runs in, and the process itself. Never throws. */
export class SystemSampler {
  readonly #parts: readonly (readonly [SystemPart, () => Promise<SystemSample>])[];
  readonly #onError: (part: SystemPart, error: unknown) => void;
  readonly #reported = new Set<SystemPart>();
  #running: Promise<SystemSample> | undefined;

  constructor({ onError = () => {}, ...given }: SystemSamplerOptions = {}) {
    const sources = {
      root: "/",
      now: () => performance.now(),
      cpus,
      availableParallelism,
      processCpuUsage: () => process.cpuUsage(),
      totalMemory: totalmem,
      freeMemory: freemem,
      residentSetSize: () => process.memoryUsage.rss(),
      statfs: (path: string) => statfs(path),
      folder: () => process.cwd(),
      ...given,
    };
    const cpu = new CpuMeter(sources);
    const network = new NetworkMeter(sources);
    this.#onError = onError;
    this.#parts = [
      ["cpu", () => cpu.read()],
      ["memory", () => readMemoryUse(sources)],
      ["disk", async () => named("diskPercent", await readDiskPercent(sources))],
      ["network", async () => named("networkBytesPerSecond", await network.read())],
    ];
  }

  /** Measures now. A call while another is under way gets the sample of that one. */
  sample(): Promise<SystemSample> {
    this.#running ??= this.#measure().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #measure(): Promise<SystemSample> {
    const measured = await Promise.all(this.#parts.map(([part, read]) => this.#guarded(part, read)));
    return Object.assign({}, ...measured);
  }

  async #guarded(part: SystemPart, read: () => Promise<SystemSample>): Promise<SystemSample> {
    try {
      return await read();
    } catch (error) {
      if (!this.#reported.has(part)) {
        this.#reported.add(part);
        this.#onError(part, error);
      }
      return {};
    }
  }
}

/** The part of a sample that is of the process alone. The process that shows the others measures the machine. */
export function processPartOf({ processCpuPercent, processMemoryPercent }: SystemSample): SystemSample {
  return {
    ...named("processCpuPercent", processCpuPercent),
    ...named("processMemoryPercent", processMemoryPercent),
  };
}

function named<Name extends keyof SystemSample>(name: Name, value: number | undefined): SystemSample {
  return value === undefined ? {} : { [name]: value };
}
