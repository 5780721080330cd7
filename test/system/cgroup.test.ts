import { readFileSync } from "node:fs";
import { join } from "node:path";
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

  it("is known without the statistics, and unknown without the use", async () => {
    const container = machineCopy("container");
    container.write("sys/fs/cgroup/memory.stat", "");
    container.write("sys/fs/cgroup/memory.current", "4096\n");
    expect(await readCgroupMemory(container.root)).toEqual({ limitBytes: 512 * MiB, usedBytes: 4096 });
    container.write("sys/fs/cgroup/memory.current", "");
    expect(await readCgroupMemory(container.root)).toBeUndefined();
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

  it("is found by the line of cgroup v2 among those of v1", async () => {
    const pod = machineCopy("pod");
    const lines = readFileSync(join(pod.root, "proc/self/cgroup"), "utf8");
    pod.write("proc/self/cgroup", `4:memory:/elsewhere\n10::/nowhere\n${lines}`);
    expect(await readCgroupMemory(pod.root)).toEqual({ limitBytes: 256 * MiB, usedBytes: 160 * MiB });
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

  it("is that of a group above where `cpu.max` is `max`, or empty", async () => {
    const pod = machineCopy("pod");
    const folder = "sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7f.slice";
    pod.write(`${folder}/cpu.max`, "max 100000\n");
    pod.write(`${folder}/cri-containerd-1c9d.scope/cpu.max`, "");
    pod.write("sys/fs/cgroup/kubepods.slice/cpu.max", "800000 100000\n");
    pod.write("sys/fs/cgroup/kubepods.slice/cpu.stat", "usage_usec 91\n");
    expect(await readCgroupCpu(pod.root)).toEqual({ quotaCores: 8, usageMicros: 91 });
  });

  it("is unknown without the time used", async () => {
    const container = machineCopy("container");
    container.write("sys/fs/cgroup/cpu.stat", "");
    expect(await readCgroupCpu(container.root)).toBeUndefined();
  });

  it("is unknown without a quota, under cgroup v1, and without cgroups", async () => {
    expect(await readCgroupCpu(machine("host"))).toBeUndefined();
    expect(await readCgroupCpu(machine("hybrid"))).toBeUndefined();
    expect(await readCgroupCpu(machine("another-system"))).toBeUndefined();
  });
});
