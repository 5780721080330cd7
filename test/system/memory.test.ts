import { describe, expect, it } from "vitest";
import { readMemoryUse } from "../../src/system/memory.ts";
import { machine, machineCopy } from "./machine-copy.ts";

const MiB = 2 ** 20;

function sources(root: string) {
  return {
    root,
    totalMemory: () => 1000 * MiB,
    freeMemory: () => 400 * MiB,
    residentSetSize: () => 64 * MiB,
  };
}

describe("memory in use", () => {
  it("is relative to the container's limit if there is one", async () => {
    expect(await readMemoryUse(sources(machine("container")))).toEqual({
      memoryPercent: 25,
      processMemoryPercent: 12.5,
    });
  });

  it("is what the machine can't give without swapping if there is no limit", async () => {
    const use = await readMemoryUse(sources(machine("host")));
    expect(use.memoryPercent).toBe(25);
    expect(use.processMemoryPercent).toBeCloseTo(0.4, 12);
  });

  it("is relative to the machine's memory if the limit is above it", async () => {
    const container = machineCopy("container");
    container.write("sys/fs/cgroup/memory.max", `${2 ** 40}\n`);
    expect((await readMemoryUse(sources(container.root))).memoryPercent).toBe(50);
  });

  it("is the value of the runtime on systems without /proc", async () => {
    const use = await readMemoryUse(sources(machine("another-system")));
    expect(use).toEqual({ memoryPercent: 60, processMemoryPercent: 6.4 });
  });

  it("stops at 100", async () => {
    const whole = { ...sources(machine("container")), residentSetSize: () => 513 * MiB };
    expect((await readMemoryUse(whole)).processMemoryPercent).toBe(100);
  });
});
