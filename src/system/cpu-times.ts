import type { CpuInfo } from "node:os";
import { readSlowMachineFile } from "./machine-file.ts";

/** What one logical CPU has done since the machine was started, in milliseconds. */
export type CpuTimes = CpuInfo["times"];

/** The CPU time of each logical CPU of the machine, by the number of the CPU. */
export type MachineTimes = ReadonlyMap<number, CpuTimes>;

/** The kernel counts for programs in hundredths of a second, on all architectures that Node runs on. */
const TICK_MILLIS = 10;
const CPU_LINE = /^cpu(\d+) (.*)$/;

/**
 * The CPU times of the machine, of `proc/stat` under `root`. Where there is none, they are those of `os.cpus()`,
 * which also looks up the present frequency of each CPU: on Linux that can stop the process for 20 ms for each CPU.
 *
 * Sources: https://man7.org/linux/man-pages/man5/proc_stat.5.html, https://github.com/libuv/libuv/issues/4098,
 * https://github.com/nodejs/node/issues/61998
 *
 * @param cpus `os.cpus`
 */
export async function readCpuTimes(
  root: string,
  cpus: () => readonly Pick<CpuInfo, "times">[],
): Promise<MachineTimes> {
  const text = await readSlowMachineFile(root, "proc/stat").catch(() => undefined);
  const times = parse(text ?? "");
  return times.size > 0 ? times : new Map(cpus().map((cpu, number) => [number, cpu.times]));
}

/** Reads the lines `cpu0 ` and columns, of which the seventh and later ones are not used. */
function parse(text: string): Map<number, CpuTimes> {
  const times = new Map<number, CpuTimes>();
  for (const line of text.split("\n")) {
    if (!line.startsWith("cpu")) break;
    const [, number, columns = ""] = CPU_LINE.exec(line) ?? [];
    const [user, nice, sys, idle, , irq] = columns.split(" ").map((ticks) => Number(ticks) * TICK_MILLIS);
    const read = { user, nice, sys, idle, irq };
    if (number !== undefined && areAll(read)) times.set(Number(number), read);
  }
  return times;
}

function areAll(times: { readonly [Mode in keyof CpuTimes]: number | undefined }): times is CpuTimes {
  return Object.values(times).every(Number.isFinite);
}
