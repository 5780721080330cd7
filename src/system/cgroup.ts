import { posix } from "node:path";
import { numberAfter, readMachineFile } from "./machine-file.ts";

const MOUNT = "sys/fs/cgroup";

/** What a container may use of memory, and what it uses, in bytes. */
export interface CgroupMemory {
  readonly limitBytes: number;
  /** Without file pages that the kernel would drop first (`inactive_file`): the working set, as Kubernetes counts it. */
  readonly usedBytes: number;
}

/** What a container may use of the CPU, and what it has used since it began. */
export interface CgroupCpu {
  /** CPUs' worth of time: 0.5 is half a core. */
  readonly quotaCores: number;
  readonly usageMicros: number;
}

/**
 * The memory limit that binds this process under cgroup v2, and how much of it is in use. Limits add up along the tree,
 * so the smallest from the process's own cgroup to the root is the one that binds, and the use that counts is that of
 * the cgroup which has it, siblings included. `undefined` without a limit, and on hosts with cgroup v1.
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
 */
export async function readCgroupMemory(root: string): Promise<CgroupMemory | undefined> {
  let binding: { folder: string; limitBytes: number } | undefined;
  for (const folder of await cgroupFolders(root)) {
    const limitBytes = amount(await readMachineFile(root, `${folder}/memory.max`));
    if (limitBytes !== undefined && limitBytes < (binding?.limitBytes ?? Number.POSITIVE_INFINITY)) {
      binding = { folder, limitBytes };
    }
  }
  if (binding === undefined) return undefined;
  const current = amount(await readMachineFile(root, `${binding.folder}/memory.current`));
  if (current === undefined) return undefined;
  const stat = (await readMachineFile(root, `${binding.folder}/memory.stat`)) ?? "";
  const reclaimable = numberAfter(stat, "inactive_file") ?? 0;
  return { limitBytes: binding.limitBytes, usedBytes: Math.max(0, current - reclaimable) };
}

/**
 * The CPU quota that binds this process under cgroup v2 (the smallest along the tree), and the CPU time used in the
 * cgroup which has it. `undefined` without a quota, and on hosts with cgroup v1.
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
 */
export async function readCgroupCpu(root: string): Promise<CgroupCpu | undefined> {
  let binding: { folder: string; quotaCores: number } | undefined;
  for (const folder of await cgroupFolders(root)) {
    const quotaCores = coresOf(await readMachineFile(root, `${folder}/cpu.max`));
    if (quotaCores !== undefined && quotaCores < (binding?.quotaCores ?? Number.POSITIVE_INFINITY)) {
      binding = { folder, quotaCores };
    }
  }
  if (binding === undefined) return undefined;
  const stat = (await readMachineFile(root, `${binding.folder}/cpu.stat`)) ?? "";
  const usageMicros = numberAfter(stat, "usage_usec");
  return usageMicros === undefined ? undefined : { quotaCores: binding.quotaCores, usageMicros };
}

/** Folders of the process's cgroup and of those above it, own first; none where cgroup v2 is not what is mounted. */
async function cgroupFolders(root: string): Promise<string[]> {
  // On hybrid hosts the controllers belong to v1, and this file of the v2 root is elsewhere.
  if ((await readMachineFile(root, `${MOUNT}/cgroup.controllers`)) === undefined) return [];
  const membership = (await readMachineFile(root, "proc/self/cgroup")) ?? "";
  const line = membership.split("\n").find((entry) => entry.startsWith("0::"));
  // A path above the root of the cgroup namespace ("/../x") has nothing under our mount but the root.
  let path = posix.normalize(line?.slice("0::".length) || "/");
  const folders: string[] = [];
  while (path !== "/") {
    folders.push(`${MOUNT}${path}`);
    path = posix.dirname(path);
  }
  return [...folders, MOUNT];
}

/** A count of bytes; `undefined` for `max`, which is no limit, and for a file that is not there. */
function amount(text: string | undefined): number | undefined {
  const word = text?.trim();
  return word === undefined || word === "" || word === "max" ? undefined : Number(word);
}

/** `cpu.max` holds `$QUOTA $PERIOD` in microseconds; a quota of `max` is none. */
function coresOf(text: string | undefined): number | undefined {
  const [quota, period] = (text ?? "").trim().split(/\s+/).map(amount);
  return quota === undefined || !period ? undefined : quota / period;
}
