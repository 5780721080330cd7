import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const machines = join(import.meta.dirname, "../fixtures/system");

/** Root of a machine of the fixtures, as it stands. */
export function machine(name: string): string {
  return join(machines, name);
}

/** A copy of a machine whose files a test may change; gone after the test. */
export function machineCopy(name: string): { root: string; write: (path: string, text: string) => void } {
  const root = mkdtempSync(join(tmpdir(), "otel-forecast-machine-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(machine(name), root, { recursive: true });
  return { root, write: (path, text) => writeFileSync(join(root, path), text) };
}
