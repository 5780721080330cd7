import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "accuracy-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function printed(script: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [`bench/accuracy/${script}`, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status, stderr + stdout).toBe(0);
  return stdout;
}

/** The cells of the first row of a table that begins with this cell. */
function row(text: string, name: string): string[] {
  const line = text.split("\n").find((one) => one.startsWith(`| ${name} |`));
  return (line ?? "").split("|").map((cell) => cell.trim());
}

/** A scrape of a gauge that counts seconds, with a forecast 5 seconds ahead that is `off` from right. */
function scrape(second: number, off: number): string {
  const agent = { agent: "a" };
  const names = [
    ["app_queue", agent],
    ["app_queue_predicted", { ...agent, horizon: "5s" }],
    ["app_queue_predicted_lower", { ...agent, horizon: "5s", level: "0.8" }],
    ["app_queue_predicted_upper", { ...agent, horizon: "5s", level: "0.8" }],
  ];
  const predicted = second + 5 + off;
  const values = [second, predicted, predicted - 1, predicted + 1].map((value, index) => [index, value]);
  return JSON.stringify({ at: second, names: second === 0 ? names : [], values });
}

function recording(offAt: (second: number) => number): string {
  const file = join(folder, "recording.jsonl");
  writeFileSync(file, Array.from({ length: 700 }, (_, second) => scrape(second, offAt(second))).join("\n"));
  return file;
}

describe("the score of a running example", () => {
  it("compares what was published with what came, and with no change", () => {
    const [, , , series, error, , held, young, later] = row(
      printed(
        "running-example.mjs",
        "--from",
        recording(() => 1),
      ),
      "counts",
    );
    // It errs by 1, no change by 5.
    expect([series, error, held, young, later]).toEqual(["1", "0.20", "1.00", "1.00", "1.00"]);
  });

  it("splits the coverage by the age of the series", () => {
    const [, , , , , , , young, later] = row(
      printed(
        "running-example.mjs",
        "--from",
        recording((second) => (second < 300 ? 2 : 0)),
      ),
      "counts",
    );
    expect([young, later]).toEqual(["0.00", "1.00"]);
  });

  it("can be made of new forecasts of what was recorded", () => {
    const text = printed(
      "running-example.mjs",
      "--replay",
      "--from",
      recording(() => 1),
    );
    expect(Number(row(text, "counts")[4])).toBeLessThan(0.2);
  });

  it("can be shown by ages", () => {
    const text = printed(
      "ages.mjs",
      "--from",
      recording((second) => (second < 300 ? 2 : 0)),
    );
    expect(row(text, "first 5 minutes").slice(2, 4)).toEqual(["0.00", "0.40"]);
    expect(row(text, "5 to 15 minutes").slice(2, 4)).toEqual(["1.00", "0.01"]);
  });
});

describe("measurements of accuracy", () => {
  it.each([[[]], [["--live"]], [["--unbounded"]], [["--seed", "held-out"]]])(
    "cover shapes, with %j",
    (args) => {
      const text = printed("shapes.mjs", "--cases", "1", ...args);
      expect(row(text, "leak with noise")).toHaveLength(11);
      expect(text).toMatch(
        /error: \d+\.\d+, worst shape \d+\.\d+; 80 % interval: 0\.\d+, worst shape \d\.\d+/,
      );
    },
  );

  it("know that nothing is as good as no change where nothing changes", () => {
    const text = printed("shapes.mjs", "--method", "naive", "--shape", "constant, changed 4 points ago");
    expect(row(text, "constant, changed 4 points ago")[2]).toBe("1.00");
  });

  it("cover little history", () => {
    const values = Array.from({ length: 200 }, (_, step) => 3 * step + (step % 3));
    const series = { id: "a", source: "s", kind: "k", step: 60, season: null, values };
    writeFileSync(join(folder, "series.jsonl"), `${JSON.stringify(series)}\n`);
    const [, , error, ...byHistory] = row(
      printed("young.mjs", "--method", "linear-trend", folder),
      "linear-trend",
    );
    expect(Number(error)).toBeLessThan(0.1);
    expect(
      byHistory
        .slice(0, 4)
        .map(Number)
        .every((one) => one < 0.1),
    ).toBe(true);
  });

  it("cover the ages of a process", () => {
    const text = printed("ages.mjs", "--runs", "1", "--method", "naive");
    expect(
      row(text, "first 5 minutes")
        .slice(2, -1)
        .map(Number)
        .every((one) => one > 0),
    ).toBe(true);
  });

  it("cover lead times and false alarms", () => {
    const text = printed("lead-time.mjs", "--runs", "1", "--quiet", "10", "--days", "0.03");
    expect(Number(row(text, "memory leaks")[3])).toBe(1);
    expect(row(text, "**all**")).toHaveLength(5);
  });
});
