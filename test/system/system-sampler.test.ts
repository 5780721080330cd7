import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  processPartOf,
  SystemSampler,
  type SystemSamplerOptions,
  threadCpuUsage,
} from "../../src/system/system-sampler.ts";
import { eventually } from "../eventually.ts";
import { machine, machineCopy } from "./machine-copy.ts";

const MiB = 2 ** 20;

/** A container at a clock that moves by one second with each look, with everything known. */
function knownSources(): SystemSamplerOptions & { root: string } {
  let seconds = 0;
  return {
    root: machine("container"),
    now: () => 1000 * Math.floor(seconds++ / 2),
    cpuTimes: async () => new Map(),
    availableParallelism: () => 1,
    processCpuUsage: () => ({ user: 150_000 * Math.floor(seconds / 2), system: 0 }),
    residentSetSize: () => 128 * MiB,
    statfs: async () => ({ blocks: 10, bfree: 4, bavail: 4 }),
    folder: () => "/srv",
  };
}

describe("a sample", () => {
  it("has no differences in the first sample", async () => {
    const sampler = new SystemSampler(knownSources());
    expect(await sampler.sample()).toEqual({ memoryPercent: 25, processMemoryPercent: 25, diskPercent: 60 });
  });

  it("has every part from the second sample on", async () => {
    const { root, write } = machineCopy("container");
    const sampler = new SystemSampler({ ...knownSources(), root });
    await sampler.sample();
    write("sys/fs/cgroup/cpu.stat", `usage_usec ${48_211_384 + 300_000}\n`);
    const sample = await sampler.sample();
    expect(sample).toEqual({
      cpuPercent: 20,
      processCpuPercent: 10,
      memoryPercent: 25,
      processMemoryPercent: 25,
      diskPercent: 60,
      networkBytesPerSecond: 0,
    });
  });

  it("leaves out a part that fails, and reports it once", async () => {
    const told: string[] = [];
    const sampler = new SystemSampler({
      ...knownSources(),
      statfs: async () => {
        throw new Error("no such system call");
      },
      onError: (part, error) => told.push(`${part}: ${(error as Error).message}`),
    });
    await sampler.sample();
    const sample = await sampler.sample();
    expect(sample.memoryPercent).toBe(25);
    expect(sample).not.toHaveProperty("diskPercent");
    expect(told).toEqual(["disk: no such system call"]);
  });

  it("goes without a part that hangs, and asks it again only when it has answered", async () => {
    const reported: string[] = [];
    const answers: ((stats: { blocks: number; bfree: number; bavail: number }) => void)[] = [];
    const sampler = new SystemSampler({
      ...knownSources(),
      statfs: () => new Promise((resolve) => answers.push(resolve)),
      patienceMillis: 20,
      onError: (part, error) => reported.push(`${part}: ${(error as Error).message}`),
    });
    for (let times = 0; times < 3; times += 1) {
      const sample = await sampler.sample();
      expect(sample).toMatchObject({ memoryPercent: 25 });
      expect(sample).not.toHaveProperty("diskPercent");
    }
    expect(answers).toHaveLength(1);
    expect(reported).toEqual(["disk: no answer within 20 ms"]);
    answers[0]?.({ blocks: 10, bfree: 4, bavail: 4 });
    await nextTurn();
    const sampled = sampler.sample();
    await eventually(() => expect(answers).toHaveLength(2));
    answers[1]?.({ blocks: 10, bfree: 4, bavail: 4 });
    expect(await sampled).toMatchObject({ diskPercent: 60 });
  });

  it("is shared by calls that overlap", async () => {
    const sampler = new SystemSampler(knownSources());
    await sampler.sample();
    const [first, second] = await Promise.all([sampler.sample(), sampler.sample()]);
    expect(second).toBe(first);
  });
});

describe("on the machine that the tests run on", () => {
  it("measures percentages from 0 to 100", async () => {
    const errors: unknown[] = [];
    const sample = await new SystemSampler({ onError: (_, error) => errors.push(error) }).sample();
    expect(errors).toEqual([]);
    for (const percent of [sample.memoryPercent, sample.processMemoryPercent, sample.diskPercent]) {
      expect(percent).toBeGreaterThan(0);
      expect(percent).toBeLessThanOrEqual(100);
    }
  });
});

it("keeps the part of a sample that is of the process", () => {
  expect(processPartOf({ cpuPercent: 1, memoryPercent: 2, processCpuPercent: 3 })).toEqual({
    processCpuPercent: 3,
  });
  expect(processPartOf({ processMemoryPercent: 4 })).toEqual({ processMemoryPercent: 4 });
});

describe("the CPU time of a thread", () => {
  afterEach(() => vi.unstubAllGlobals());

  // Newer than the oldest Node that this package runs on.
  const measure = (process as Partial<typeof process>).threadCpuUsage?.bind(process);

  it.runIf(measure !== undefined)("is what Node measures of it", () => {
    const sum = ({ user, system }: NodeJS.CpuUsage): number => user + system;
    const [before, own, after] = [measure, threadCpuUsage, measure].map((read) =>
      sum(read?.() as NodeJS.CpuUsage),
    );
    expect(own).toBeGreaterThanOrEqual(before as number);
    expect(own).toBeLessThanOrEqual(after as number);
  });

  it("is the time that its event loop was busy, where Node does not measure it", () => {
    vi.stubGlobal("process", Object.create(process, { threadCpuUsage: { value: undefined } }));
    const busyMicros = (): number => performance.eventLoopUtilization().active * 1000;
    const before = busyMicros();
    const { user, system } = threadCpuUsage();
    expect(user).toBeGreaterThanOrEqual(before);
    expect(user).toBeLessThanOrEqual(busyMicros());
    expect(system).toBe(0);
  });
});
