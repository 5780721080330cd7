import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

/** The most files on each way. Lower a limit when a way gets shorter. */
const MOST_FILES_OF_TASK = 47;
const MOST_FILES_OF_SAMPLE = 44;

const root = resolve(import.meta.dirname, "../..");
const COUNTS = /^way of a task: (\d+) files .*; way of a sample: (\d+) files /m;

it("a task and a sample pass no more files on their ways than they did", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["bench/ways.mjs"], { cwd: root, encoding: "utf8" });
  const [, task, sample] = COUNTS.exec(stdout) ?? [];
  expect(Number(task), stderr + stdout).toBeLessThanOrEqual(MOST_FILES_OF_TASK);
  expect(Number(sample), stderr + stdout).toBeLessThanOrEqual(MOST_FILES_OF_SAMPLE);
});
