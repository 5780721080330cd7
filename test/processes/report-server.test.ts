import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ReportServer } from "../../src/processes/report-connection.ts";
import { until } from "../eventually.ts";

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

it("sends the last message after the one before, and is closed when both have been sent", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-reports-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const pipe = `\\\\.\\pipe\\${basename(folder)}`;
  const path = process.platform === "win32" ? pipe : join(folder, "reports.sock");
  const ids: string[] = [];
  const server = new ReportServer({ take: (id) => ids.push(id) > 0, remove: () => {} }, "worker");
  await server.listen(path);
  const member = connect(path);
  member.write("{}\n");
  await until(() => ids.length > 0);
  const [id = ""] = ids;
  const message = "x".repeat(8_000_000);
  expect([server.send(id, message), server.send(id, "next"), server.send(id, message, true)]).toEqual([
    true,
    false,
    true,
  ]);
  member.resume();
  await server.close();
  expect(member.bytesRead).toBeGreaterThan(15_000_000);
});
