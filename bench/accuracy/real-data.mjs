import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

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

/** A Python that has numpy: `$PYTHON`, python3, or else a virtual environment under .cache. */
function pythonWithNumpy() {
  const python = process.env.PYTHON ?? "python3";
  if (spawnSync(python, ["-c", "import numpy"]).status === 0) return python;
  const environment = resolve(import.meta.dirname, "../../.cache/accuracy-python");
  const own = join(environment, "bin", "python");
  if (!existsSync(own)) {
    console.error(`${python} has no numpy: installing it into .cache/accuracy-python`);
    mkdirSync(environment, { recursive: true });
    run(python, ["-m", "venv", environment]);
    run(own, ["-m", "pip", "install", "--quiet", "numpy"]);
  }
  return own;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0)
    throw new Error(`${command} ${args[0]} failed: ${error?.message ?? `exit status ${status}`}`);
}
