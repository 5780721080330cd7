import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { killSpenders } from "../e2e/harness/busy-spender.ts";
import { PluginApp } from "../e2e/harness/plugin-app.ts";
import { runs } from "../harness/runs.ts";
import { parseTextFormat } from "../prometheus/text-format.ts";
import { Harness } from "../run/harness.ts";
import { anyText } from "./harness/any-text.ts";
import { attempted, seed, timeBox } from "./harness/attempts.ts";

const KILL_SECONDS = 20;
const MIX = { never: 100, slow: 100, pipelined: 20 };
const ASKED = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
let folder: string;
const cleanups: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-attack-host-"));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  rmSync(folder, { recursive: true, force: true });
});

it("kills with a history file", async () => {
  const until = performance.now() + timeBox(KILL_SECONDS);
  const random = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { seed, numRuns: 1000 });
  await killSpenders(
    join(folder, "history"),
    (kills) => {
      if (kills > 0) attempted("kills with a history file");
      return kills === 0 || performance.now() < until;
    },
    () => random.pop() ?? 0,
  );
});

it("bad disks", async () => {
  const bad: Record<string, () => string> = {
    "a folder": () => folder,
    "a pipe": () => made("pipe", (path) => spawnSync("mkfifo", [path])),
    "a link": () => made("link", (path) => symlinkSync(join(folder, "elsewhere"), path)),
    "a full device": () => "/dev/full",
    "a path below a file": () =>
      join(
        made("file", (path) => writeFileSync(path, "")),
        "history",
      ),
    ...fullDisk(),
  };
  for (const [name, pathOf] of Object.entries(bad)) {
    const harness = new Harness({ history: `file:${pathOf()}` });
    await harness.ticks(3);
    expect(await harness.value("system_cpu_usage_percent"), name).toBe(25);
    await harness.pipeline.stop();
    attempted("bad disks");
  }
});

function made(name: string, make: (path: string) => unknown): string {
  const path = join(folder, name);
  make(path);
  return path;
}

/** A disk without space and one that is only read. Mounting them needs root. */
function fullDisk(): Record<string, () => string> {
  const mount = (name: string, options: string): string => {
    const path = join(folder, name);
    mkdirSync(path);
    const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
    if (status !== 0) console.log(`not tried on ${name}: cannot mount it (${String(stderr).trim()})`);
    else cleanups.push(() => spawnSync("umount", [path]));
    return status === 0 ? join(path, "history") : join(folder, "no such folder", "history");
  };
  return {
    "a full disk": () => mount("a full disk", "size=4k"),
    "a read-only disk": () => mount("a read-only disk", "ro"),
  };
}

it("hostile clients", async () => {
  const app = await PluginApp.start(["test/e2e/apps/busy-spender.mjs"]);
  cleanups.push(() => app.stop());
  await app.shows("what it spends", (samples) =>
    samples.some(({ name }) => name === "ai_cloud_tokens_today") ? true : undefined,
  );
  const port = Number(new URL(app.metricsUrl).port);
  for (let index = 0; index < MIX.never; index += 1) client(port).pause().write(ASKED.repeat(20));
  for (let index = 0; index < MIX.slow; index += 1) client(port).write("GET /met");
  for (let index = 0; index < MIX.pipelined; index += 1) client(port).write(ASKED.repeat(5)) && undefined;
  attempted("hostile clients", MIX.never + MIX.slow + MIX.pipelined);
  await mustAnswer(app);
  const request = anyText(
    [ASKED, "POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"],
    [
      "\r\n",
      "Transfer-Encoding: chunked\r\n",
      "X-Prometheus-Scrape-Timeout-Seconds: 0.001\r\n",
      "Host: evil\r\n",
    ],
  );
  await fc.assert(
    fc.asyncProperty(request, async (text) => {
      const socket = client(port).resume();
      socket.end(Buffer.from(text));
      await Promise.race([new Promise((closed) => socket.once("close", closed)), delay(200)]);
      socket.destroy();
    }),
    { numRuns: runs(30) },
  );
  await mustAnswer(app);
  await app.stop();
  expect(await app.ends()).toEqual({ code: null, signal: "SIGTERM" });
});

function client(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  cleanups.push(() => socket.destroy());
  return socket;
}

async function mustAnswer(app: PluginApp): Promise<void> {
  const page = await app.waitFor("a page", async () => (await fetch(app.metricsUrl)).text());
  expect(parseTextFormat(page).has("ai_cloud_tokens_today")).toBe(true);
}
