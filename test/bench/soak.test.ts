import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const MIB = 1024 * 1024;
const HOUR_SECONDS = 3600;

interface Summary {
  readonly table: string;
  readonly slope: number;
  readonly slopeInUse: number;
}
const { tableOf }: { tableOf(samples: readonly object[]): Summary } = await import(
  pathToFileURL(resolve(root, "bench/soak/summary.mjs")).href
);

function samples(rssOf: (hours: number) => number, inUseOf = rssOf) {
  return Array.from({ length: 1440 }, (_, index) => {
    const seconds = index * 10;
    const others = {
      heapUsed: MIB,
      heapKept: index < 3 ? Number.NaN : MIB * (index === 3 ? 7 : 2),
      arrayBuffers: MIB,
      descriptors: 27,
      delayMillis: 1.5,
      cpuCores: 0.1,
      series: 900,
      recorded: 5,
    };
    const hours = seconds / HOUR_SECONDS;
    return { seconds, rss: rssOf(hours) * MIB, inUse: inUseOf(hours) * MIB, ...others };
  });
}

describe("the summary of a soak", () => {
  it("has the slope of the last half, whatever was before it", () => {
    const { slope, table } = tableOf(samples((hours) => (hours < 2 ? 1000 * hours : 100 + 3 * hours)));
    expect(slope).toBeCloseTo(3, 6);
    expect(table).toContain(
      "Slopes over the last half (Theil-Sen): resident memory 3.00 MiB/h, of it in use 3.00 MiB/h",
    );
    expect(table).toContain("| open descriptors | 27 | 27 | 27 | 27 |");
  });

  it("has the slope of what is in use, too: V8 may let garbage stand", () => {
    const growing = samples(
      (hours) => 100 + 50 * hours,
      (hours) => 90 + 0.5 * hours,
    );
    const { slope, slopeInUse, table } = tableOf(growing);
    expect([slope, slopeInUse]).toEqual([expect.closeTo(50, 6), expect.closeTo(0.5, 6)]);
    expect(table).toMatch(/^\| of it in use, MiB \| 90 \| 91\.2 \| 91\.7 \| 92\.0 \|$/m);
  });

  it("has the largest number of those that are known", () => {
    expect(tableOf(samples(() => 100)).table).toContain(
      "| heap after its last full collection, MiB | NaN | 2 | 2 | 7 |",
    );
  });

  it("is not misled by peaks", () => {
    let sample = 0;
    const peaks = samples(() => (sample++ % 9 === 0 ? 900 : 100));
    expect(tableOf(peaks).slope).toBeCloseTo(0, 6);
  });
});

it("npm run soak prints a table", () => {
  const args = ["bench/soak.mjs", "--minutes", "0.1", "--tasks", "500", "--every", "0.5"];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect(status, stderr + stdout).toBe(0);
  const cells = (name: string) =>
    stdout
      .split("\n")
      .find((line) => line.startsWith(`| ${name} `))
      ?.split("|") ?? [];
  expect(Number(cells("tasks recorded").at(-2))).toBeGreaterThan(100);
  expect(Number(cells("samples on /metrics").at(-2))).toBeGreaterThan(100);
  expect(Number(cells("resident memory, MiB").at(-2))).toBeGreaterThan(30);
  expect(stdout).toMatch(/\(Theil-Sen\): resident memory -?\d/);
});
