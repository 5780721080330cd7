import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** A Python that has numpy: `$PYTHON`, python3, or else a virtual environment under .cache. */
export function pythonWithNumpy(): string {
  const python = process.env.PYTHON ?? "python3";
  if (spawnSync(python, ["-c", "import numpy"]).status === 0) return python;
  const environment = resolve(import.meta.dirname, "../../../.cache/accuracy-python");
  const own = join(environment, "bin", "python");
  if (!existsSync(own)) {
    console.error(`${python} has no numpy: installing it into .cache/accuracy-python`);
    mkdirSync(environment, { recursive: true });
    run(python, ["-m", "venv", environment]);
    run(own, ["-m", "pip", "install", "--quiet", "numpy"]);
  }
  return own;
}

/** Runs a program to its end. Throws when it fails. */
export function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0)
    throw new Error(`${command} ${args[0]} failed: ${error?.message ?? `exit status ${status}`}`);
}
