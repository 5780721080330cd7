import { cpus } from "node:os";
import { expect, it } from "vitest";
import { readCpuTimes } from "../../src/system/cpu-times.ts";
import { machine, machineCopy } from "./machine-copy.ts";

const TIMES = { user: 1, nice: 2, sys: 3, idle: 4, irq: 5 };

function neverCalled(): never {
  throw new Error("os.cpus() was called");
}

function statOf(text: string): string {
  const { root, write } = machineCopy("host");
  write("proc/stat", text);
  return root;
}

it("reads the times of each CPU by its number, in milliseconds, without os.cpus()", async () => {
  // The example of https://man7.org/linux/man-pages/man5/proc_stat.5.html, and a CPU that is switched off.
  const root = statOf(`cpu  10132153 290696 3084719 46828483 16683 0 25195 0 175628 0
cpu0 1393280 32966 572056 13343292 6130 7 17875 0 23933 0
cpu2 1 2 3 4 5 6 7 8 9 10
intr 1462898
cpu9 1 1 1 1 1 1
`);
  expect(await readCpuTimes(root, neverCalled)).toEqual(
    new Map([
      [0, { user: 13_932_800, nice: 329_660, sys: 5_720_560, idle: 133_432_920, irq: 70 }],
      [2, { user: 10, nice: 20, sys: 30, idle: 40, irq: 60 }],
    ]),
  );
});

it.runIf(process.platform === "linux")("has the times of this machine that Node has", async () => {
  const before = cpus();
  const read = await readCpuTimes("/", neverCalled);
  const after = cpus();
  const sumOf = ({ user, nice, sys, idle, irq }: typeof TIMES): number => user + nice + sys + idle + irq;
  const sums = Array.from(read.values(), sumOf);
  expect(sums).toHaveLength(before.length);
  for (const [index, sum] of sums.entries()) {
    expect(sum).toBeGreaterThanOrEqual(sumOf(before[index]?.times ?? TIMES));
    expect(sum).toBeLessThanOrEqual(sumOf(after[index]?.times ?? TIMES));
  }
});

it("asks Node where there is no such file, or where it has no times", async () => {
  const ofNode = () => [{ times: TIMES }, { times: { ...TIMES, user: 9 } }];
  const expected = new Map([
    [0, TIMES],
    [1, { ...TIMES, user: 9 }],
  ]);
  expect(await readCpuTimes(machine("another-system"), ofNode)).toEqual(expected);
  for (const text of ["", "cpu 1 2 3 4 5 6\n", "cpu0 1 2 3\n", "cpu0 a b c d e f\n"])
    expect(await readCpuTimes(statOf(text), ofNode)).toEqual(expected);
});
