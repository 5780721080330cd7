import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../e2e/harness/child.ts";
import { mustRun } from "./run.ts";

/** Packs this package as it is published. Returns the path of the file. */
export function packed(): string {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-packed-"));
  const name = mustRun(
    "npm",
    ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder],
    packageRoot,
  );
  return join(folder, name.trim().split("\n").at(-1) as string);
}
