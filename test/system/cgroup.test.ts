import { describe, expect, it } from "vitest";
import { readCgroupCpu, readCgroupMemory } from "../../src/system/cgroup.ts";
import { machine, machineCopy } from "./machine-copy.ts";

const MiB = 2 ** 20;

describe("memory of a cgroup", () => {
  it("is the use without inactive file pages, relative to the limit", async () => {
    expect(await readCgroupMemory(machine("container"))).toEqual({
      limitBytes: 512 * MiB,
      usedBytes: 128 * MiB,
    });
  });

  it("is that of the cgroup up the tree whose limit is the smallest", async () => {
    expect(await readCgroupMemory(machine("pod"))).toEqual({ limitBytes: 256 * MiB, usedBytes: 160 * MiB });
  });

  it("is the process's own where its own limit is the smallest", async () => {
    const pod = machineCopy("pod");
    const own =
      "sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7f.slice/cri-containerd-1c9d.scope";
    pod.write(`${own}/memory.max`, `${128 * MiB}\n`);
    expect(await readCgroupMemory(pod.root)).toEqual({
      limitBytes: 128 * MiB,
      usedBytes: 96 * MiB - 10_000_000,
    });
  });

  it("is unknown without a limit, under cgroup v1, and without cgroups", async () => {
    expect(await readCgroupMemory(machine("host"))).toBeUndefined();
    expect(await readCgroupMemory(machine("hybrid"))).toBeUndefined();
    expect(await readCgroupMemory(machine("another-system"))).toBeUndefined();
  });

  it("is never negative, though the files are read one after another", async () => {
    const container = machineCopy("container");
    container.write("sys/fs/cgroup/memory.current", "1048576\n");
    expect(await readCgroupMemory(container.root)).toEqual({ limitBytes: 512 * MiB, usedBytes: 0 });
  });

  it("is found at the mount when the process's path is not visible from its namespace", async () => {
    const container = machineCopy("container");
    container.write("proc/self/cgroup", "0::/../../system.slice/docker-1c9d.scope\n");
    expect(await readCgroupMemory(container.root)).toEqual({ limitBytes: 512 * MiB, usedBytes: 128 * MiB });
  });
});

describe("CPU of a cgroup", () => {
  it("has quota over period as cores, and the time used", async () => {
    expect(await readCgroupCpu(machine("container"))).toEqual({ quotaCores: 1.5, usageMicros: 48_211_384 });
  });

  it("is that of the cgroup up the tree whose quota is the smallest", async () => {
    expect(await readCgroupCpu(machine("pod"))).toEqual({ quotaCores: 0.5, usageMicros: 7_000_000 });
  });

  it("is unknown without a quota, under cgroup v1, and without cgroups", async () => {
    expect(await readCgroupCpu(machine("host"))).toBeUndefined();
    expect(await readCgroupCpu(machine("hybrid"))).toBeUndefined();
    expect(await readCgroupCpu(machine("another-system"))).toBeUndefined();
  });
});
