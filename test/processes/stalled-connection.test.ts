import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { expect, it, onTestFinished } from "vitest";

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-stalled-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "socket");
}

function start(app: string, path: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "apps", app), path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

it.skipIf(process.platform === "win32")(
  "a process ends although the one that it reports to takes nothing, such as while it waits for this end",
  async () => {
    const path = socketPath();
    const server = createServer({ pauseOnConnect: true }).listen(path);
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const child = start("reports-to-nobody.mjs", path);
    const said = createInterface({ input: child.stdout });
    const lines: string[] = [];
    said.on("line", (line) => lines.push(line));
    expect(await once(child, "close")).toEqual([0, null]);
    expect(lines).toEqual(["true", "lost"]);
  },
);

it.skipIf(process.platform === "win32")(
  "a process ends although one that reports to it takes nothing",
  async () => {
    const path = socketPath();
    const child = start("hands-over-to-nobody.mjs", path);
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      if (line !== "open") return;
      const member = connect(path);
      member.pause();
      onTestFinished(() => void member.destroy());
      member.write("{}\n");
    });
    expect(await once(child, "close")).toEqual([0, null]);
    expect(lines).toEqual(["open", "true", "removed"]);
  },
);
