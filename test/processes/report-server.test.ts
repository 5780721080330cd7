import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

it.skipIf(process.platform === "win32")(
  "a worker of a cluster opens a socket of its own, although another one has the same path still open",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "otel-forecast-reports-"));
    const app = join(import.meta.dirname, "apps/report-server.mjs");
    const { stdout, stderr } = spawnSync(process.execPath, [app, join(folder, "reports.sock")], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true, force: true });
    expect({ stdout, stderr }).toEqual({ stdout: "true\n", stderr: "" });
  },
);
