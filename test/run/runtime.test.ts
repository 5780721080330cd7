import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { Runtime } from "../../src/run/runtime.ts";
import { freePort } from "../e2e/harness/free-ports.ts";

let runtime: Runtime;
let port: number;

async function start(): Promise<void> {
  port = await freePort();
  runtime = new Runtime({
    host: "127.0.0.1",
    port,
    exporters: ["prometheus"],
    collectionIntervalMillis: 60_000,
  });
  await runtime.start();
}

/** The status of the answer, or the code of the error. */
async function asked(): Promise<unknown> {
  return fetch(`http://127.0.0.1:${port}/health`, { headers: { Connection: "close" } }).then(
    ({ status }) => status,
    (error: { cause?: { code?: string } }) => error.cause?.code,
  );
}

afterEach(async () => {
  vi.restoreAllMocks();
  await runtime.exporters.shutdown();
});

it("resolves every call of shutdown when it has ended, and not before", async () => {
  await start();
  expect(await asked()).toBe(200);
  const first = runtime.shutdown();
  await runtime.shutdown();
  expect(await asked()).toBe("ECONNREFUSED");
  await first;
});

it("closes its endpoint when the last collection fails, and rejects", async () => {
  await start();
  const stop = runtime.pipeline.stopCollecting.bind(runtime.pipeline);
  vi.spyOn(runtime.pipeline, "stopCollecting").mockImplementation(async () => {
    await stop();
    throw new Error("no last collection");
  });
  await expect(runtime.shutdown()).rejects.toThrow("no last collection");
  expect(await asked()).toBe("ECONNREFUSED");
});

it("can't be started again after shutdown was called", async () => {
  await start();
  const ended = runtime.shutdown();
  await expect(runtime.start()).rejects.toThrow("can't be started again");
  await ended;
});

it.each([
  { collects: false, pushes: false, isMember: false, samples: false },
  { collects: true, pushes: false, isMember: false, samples: true },
  { collects: false, pushes: true, isMember: false, samples: true },
  { collects: false, pushes: false, isMember: true, samples: true },
])("collects a last time, or not: %o", async ({ collects, pushes, isMember, samples }) => {
  await start();
  vi.spyOn(runtime.exporters, "pushes", "get").mockReturnValue(pushes);
  vi.spyOn(runtime.processGroup, "isMember", "get").mockReturnValue(isMember);
  const stop = vi.spyOn(runtime.pipeline, "stopCollecting");
  await runtime.shutdown(collects);
  expect(stop).toHaveBeenCalledExactlyOnceWith({ samples });
});

it.each([
  { pushes: false, hasPeers: false, isNeeded: false },
  { pushes: true, hasPeers: false, isNeeded: true },
  { pushes: false, hasPeers: true, isNeeded: true },
])("needs a last collection, or not: %o", async ({ pushes, hasPeers, isNeeded }) => {
  await start();
  vi.spyOn(runtime.exporters, "pushes", "get").mockReturnValue(pushes);
  vi.spyOn(runtime.processGroup, "hasPeers", "get").mockReturnValue(hasPeers);
  expect(runtime.needsLastCollection).toBe(isNeeded);
});

it("saves what was measured while it runs, and goes on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-runtime-"));
  const history = join(folder, "history");
  port = await freePort();
  runtime = new Runtime({
    ...{ host: "127.0.0.1", port, exporters: ["prometheus"], collectionIntervalMillis: 60_000 },
    history: `file:${history}`,
  });
  await runtime.save();
  expect(existsSync(history)).toBe(false);
  await runtime.start();
  runtime.pipeline.recordAgent({ agentName: "planner", memoryUsage: 40 });
  await runtime.save();
  expect(readFileSync(history, "latin1")).toContain("planner");
  expect(await asked()).toBe(200);
  await runtime.shutdown();
  rmSync(folder, { recursive: true, force: true });
});
