import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bench-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function bench(...args: string[]) {
  return spawnSync(process.execPath, ["bench/run.mjs", ...args], { cwd: root, encoding: "utf8" });
}

function printed(...args: string[]): string {
  const { stdout, stderr, status } = bench("--quick", ...args);
  expect(status, stderr + stdout).toBe(0);
  return stdout;
}

/** The rows of the tables in which this is the first cell, each as cells by the name of their column. */
function rowsOf(text: string, first: string): Record<string, string>[] {
  const cellsOf = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    if (cellsOf(line)[0] !== first) return [];
    const border = lines.findLastIndex((other, at) => at < index && other.startsWith("| ---"));
    const columns = cellsOf(lines[border - 1] ?? "");
    return [Object.fromEntries(cellsOf(line).map((cell, column) => [columns[column], cell]))];
  });
}

describe("npm run bench", () => {
  it("shows how cost grows with the number of series, as tables and as a plot", () => {
    const svg = join(folder, "growth.svg");
    const text = printed("--only", "growth", "--series", "2,20", "--svg", svg);
    for (const series of ["2", "20"]) {
      const [collection = {}, memory = {}] = rowsOf(text, series);
      for (const column of ["us/series, main thread", "us/series, process", "longest turn ms"])
        expect(Number(collection[column]), column).toBeGreaterThan(0);
      for (const column of ["resident MB", "kB/series", "scrape: CPU ms", "MB sent"])
        expect(Number(memory[column]), column).toBeGreaterThan(0);
    }
    expect(
      readFileSync(svg, "utf8").match(/<circle class="fill\d" cx="[\d.]+" cy="[\d.]+" r="3.5"/g),
    ).toHaveLength(6);
  });

  it("counts the collections until all new series are forecast", () => {
    const [row = {}] = rowsOf(printed("--only", "first-forecast"), "100");
    // The sample that completes the twelfth step is the thirteenth.
    expect(row.collections).toBe("13");
  });

  it("shows what agents leave behind that are never seen again", () => {
    const [row = {}] = rowsOf(printed("--only", "many-agents"), "100");
    expect(row["known now"]).toBe("100");
    expect(row["tasks dropped"]).toBe("0");
    expect(Number(row["MB sent"])).toBeGreaterThan(0);
  });

  it("shows what a process needs that meets many names, of each kind", () => {
    const text = printed("--only", "many-names");
    for (const kind of ["no names", "agents in spans", "error types", "attribute sets of a counter"]) {
      const [row = {}] = rowsOf(text, kind);
      expect(Number(row["most resident MB"]), kind).toBeGreaterThan(0);
      // The page of a process without names has some kB.
      if (kind !== "no names") expect(Number(row["MB of the page"]), kind).toBeGreaterThan(0);
    }
  });

  it.each([
    [["--series", "10,few"], "--series must be whole numbers above 0"],
    [["--series", "0"], "--series must be whole numbers above 0"],
    [["--only", "nothing"], "--only must be one of growth"],
  ])("refuses %j", (args, message) => {
    const { stderr, status } = bench(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

it("the memory of a month has coarse tiers only with a history file", async () => {
  const url = pathToFileURL(resolve(root, "bench/harness/contest.mjs")).href;
  const { contest }: { contest(contenders: object, rounds: number): Promise<Record<string, Measured>> } =
    await import(url);
  const month = (options: object) => ({ module: "memory", setup: { agents: 2, age: "month", options } });
  const { inMemory, inFile } = await contest(
    {
      inMemory: month({ method: "naive" }),
      inFile: month({ method: "naive", history: `file:${join(folder, "history")}` }),
    },
    1,
  );
  expect([inMemory?.horizonsReady, inFile?.horizonsReady]).toEqual([2, 2]);
  expect((inFile?.bytesPerSeries ?? 0) - (inMemory?.bytesPerSeries ?? 0)).toBeGreaterThan(30_000);
});

interface Measured {
  readonly horizonsReady: number;
  readonly bytesPerSeries: number;
}
