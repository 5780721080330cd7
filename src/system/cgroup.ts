import { posix } from "node:path";
import { numberAfter, readMachineFile, readSlowMachineFile } from "./machine-file.ts";

const MOUNT = "sys/fs/cgroup";

/** The memory limit of a container and its use, in bytes. */
export interface CgroupMemory {
  readonly limitBytes: number;
  /**
   * The working set, as Kubernetes counts it: without file pages that the kernel drops first
   * (`inactive_file`).
   */
  readonly usedBytes: number;
}

/** The CPU quota of a container, and the CPU time that it has used since its start. */
export interface CgroupCpu {
  /** In cores: 0.5 is half a core. */
  readonly quotaCores: number;
  readonly usageMicros: number;
}

/**
 * The memory limit of this process under cgroup v2, and its use. All limits from the process's own
 * cgroup up to the root apply, so the smallest is effective. The use is that of the cgroup with
 * this limit, siblings included. Returns `undefined` without a limit, and on hosts with cgroup v1.
 *
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
 */
export async function readCgroupMemory(root: string): Promise<CgroupMemory | undefined> {
  let binding: { folder: string; limitBytes: number } | undefined;
  for (const folder of await cgroupFolders(root)) {
    const limitBytes = amount(await readMachineFile(root, `${folder}/memory.max`));
    if (limitBytes < (binding?.limitBytes ?? Number.POSITIVE_INFINITY)) {
      binding = { folder, limitBytes };
    }
  }
  if (binding === undefined) return undefined;
  const current = amount(await readMachineFile(root, `${binding.folder}/memory.current`));
  if (Number.isNaN(current)) return undefined;
  const stat = (await readSlowMachineFile(root, `${binding.folder}/memory.stat`)) ?? "";
  const reclaimable = numberAfter(stat, "inactive_file") ?? 0;
  return { limitBytes: binding.limitBytes, usedBytes: Math.max(0, current - reclaimable) };
}

/**
 * The CPU quota of this process under cgroup v2 (the smallest up to the root), and the CPU time
 * that the cgroup with this quota has used. Returns `undefined` without a quota, and on hosts with
 * cgroup v1.
 *
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
 */
export async function readCgroupCpu(root: string): Promise<CgroupCpu | undefined> {
  let binding: { folder: string; quotaCores: number } | undefined;
  for (const folder of await cgroupFolders(root)) {
    const quotaCores = coresOf(await readMachineFile(root, `${folder}/cpu.max`));
    if (quotaCores < (binding?.quotaCores ?? Number.POSITIVE_INFINITY)) {
      binding = { folder, quotaCores };
    }
  }
  if (binding === undefined) return undefined;
  const stat = (await readSlowMachineFile(root, `${binding.folder}/cpu.stat`)) ?? "";
  const usageMicros = numberAfter(stat, "usage_usec");
  return usageMicros === undefined ? undefined : { quotaCores: binding.quotaCores, usageMicros };
}

/**
 * The folders of the process's cgroup and of those above it, its own first. Empty if cgroup v2 is
 * not mounted.
 */
async function cgroupFolders(root: string): Promise<string[]> {
  // On hybrid hosts the controllers belong to v1, and v2 is mounted elsewhere.
  if ((await readMachineFile(root, `${MOUNT}/cgroup.controllers`)) === undefined) return [];
  const membership = (await readMachineFile(root, "proc/self/cgroup")) ?? "";
  const line = membership.split("\n").find((entry) => entry.startsWith("0::"));
  // A path above the root of the cgroup namespace ("/../x") is not under our mount: only the root
  // is.
  let path = posix.normalize(line?.slice("0::".length) || "/");
  const folders: string[] = [];
  while (path !== "/") {
    folders.push(`${MOUNT}${path}`);
    path = posix.dirname(path);
  }
  return [...folders, MOUNT];
}

/** A number; NaN, which is smaller than none, for `max`, which means no limit, and for a missing file. */
function amount(text = ""): number {
  return Number.parseFloat(text);
}

/** `cpu.max` contains `$QUOTA $PERIOD` in microseconds. A quota of `max` means none. */
function coresOf(text = ""): number {
  const [quota, period] = text.split(" ").map(amount);
  return (quota ?? Number.NaN) / (period ?? Number.NaN);
}
