import { beforeEach, describe, expect, it } from "vitest";
import { CpuMeter, type CpuSources } from "../../src/system/cpu.ts";
import type { MachineTimes } from "../../src/system/cpu-times.ts";
import { machine, machineCopy } from "./machine-copy.ts";

/** Two cores that were busy for `busy` and idle for `idle` milliseconds, together. */
async function cores(busy: number, idle: number): Promise<MachineTimes> {
  const times = { user: busy / 8, nice: busy / 8, sys: busy / 8, irq: busy / 8, idle: idle / 2 };
  return new Map([
    [0, times],
    [2, times],
  ]);
}

let sources: {
  -readonly [Key in keyof CpuSources]: CpuSources[Key];
};

beforeEach(() => {
  sources = {
    root: machine("host"),
    now: () => 1000,
    cpuTimes: () => cores(40_000, 100_000),
    availableParallelism: () => 2,
    processCpuUsage: () => ({ user: 3_000_000, system: 1_000_000 }),
  };
});

/** Two seconds later, of which the process used 0.8 s of CPU. */
function twoSecondsLater() {
  sources.now = () => 3000;
  sources.processCpuUsage = () => ({ user: 3_700_000, system: 1_100_000 });
}

describe("the first reading", () => {
  it("has no value", async () => {
    expect(await new CpuMeter(sources).read()).toEqual({});
  });
});

describe("on a machine without a quota", () => {
  it("is the share of the cores' time that was not idle", async () => {
    const meter = new CpuMeter(sources);
    await meter.read();
    twoSecondsLater();
    sources.cpuTimes = () => cores(41_000, 103_000);
    // 1 s of 4 s; 0.8 s of what 2 cores give in 2 s
    expect(await meter.read()).toEqual({ cpuPercent: 25, processCpuPercent: 20 });
  });

  it("is the same with cgroup v1", async () => {
    sources.root = machine("hybrid");
    const meter = new CpuMeter(sources);
    await meter.read();
    twoSecondsLater();
    sources.cpuTimes = () => cores(41_000, 103_000);
    expect((await meter.read()).cpuPercent).toBe(25);
  });
});

describe("in a container with a quota", () => {
  it("is the share of the quota", async () => {
    const container = machineCopy("container");
    sources.root = container.root;
    sources.availableParallelism = () => 1;
    const meter = new CpuMeter(sources);
    await meter.read();
    twoSecondsLater();
    container.write("sys/fs/cgroup/cpu.stat", `usage_usec ${48_211_384 + 1_500_000}\n`);
    const use = await meter.read();
    // 1.5 s of what a quota of 1.5 cores gives in 2 s; the process 0.8 s of the same 3 s
    expect(use.cpuPercent).toBe(50);
    expect(use.processCpuPercent).toBeCloseTo((0.8 / 3) * 100, 10);
  });

  it("measures the process relative to its affinity if that is lower than the quota", async () => {
    const container = machineCopy("container");
    container.write("sys/fs/cgroup/cpu.max", "600000 100000\n");
    sources.root = container.root;
    const meter = new CpuMeter(sources);
    await meter.read();
    twoSecondsLater();
    expect((await meter.read()).processCpuPercent).toBe(20);
  });

  it("measures the machine until a new quota has two readings", async () => {
    const container = machineCopy("container");
    sources.root = container.root;
    const meter = new CpuMeter(sources);
    await meter.read();
    twoSecondsLater();
    sources.cpuTimes = () => cores(41_000, 103_000);
    container.write("sys/fs/cgroup/cpu.max", "max 100000\n");
    expect((await meter.read()).cpuPercent).toBe(25);
  });

  it("stops at 100, and has no value if the count fell", async () => {
    const container = machineCopy("container");
    sources.root = container.root;
    const meter = new CpuMeter(sources);
    await meter.read();
    twoSecondsLater();
    container.write("sys/fs/cgroup/cpu.stat", `usage_usec ${48_211_384 + 3_300_000}\n`);
    expect((await meter.read()).cpuPercent).toBe(100);
    sources.now = () => 4000;
    container.write("sys/fs/cgroup/cpu.stat", "usage_usec 10\n");
    expect(await meter.read()).toEqual({ processCpuPercent: 0 });
  });
});

describe("two readings at one time", () => {
  it("have no value", async () => {
    const meter = new CpuMeter(sources);
    await meter.read();
    expect(await meter.read()).toEqual({});
  });
});
