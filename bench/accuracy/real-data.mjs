import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pythonWithNumpy, run } from "./harness/python.ts";

/** Scores a command by the benchmark's own evaluator (Python 3 and numpy) and returns its records. */
export function scoreWithEvaluator(folder, name, command, { sample, withSeason }) {
  const results = mkdtempSync(join(tmpdir(), "accuracy-"));
  try {
    const options = ["--sample", String(sample), "--out", results, ...(withSeason ? [] : ["--no-season"])];
    const data = resolve(folder, "series.jsonl");
    run(pythonWithNumpy(), [
      resolve(folder, "evaluate.py"),
      ...["run", "--data", data, "--name", name, "--cmd", command],
      ...options,
    ]);
    const lines = readFileSync(join(results, `${basename(resolve(folder))}.${name}.jsonl`), "utf8");
    return lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(results, { recursive: true });
  }
}
