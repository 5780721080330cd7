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

/** The status of an answer, or the code of why there is none. */
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

it("has ended for each who has asked it to, and not before", async () => {
  await start();
  expect(await asked()).toBe(200);
  const first = runtime.shutdown();
  await runtime.shutdown();
  expect(await asked()).toBe("ECONNREFUSED");
  await first;
});

it("closes its endpoint although the last collection failed, which it tells", async () => {
  await start();
  const stop = runtime.pipeline.stop.bind(runtime.pipeline);
  vi.spyOn(runtime.pipeline, "stop").mockImplementation(async () => {
    await stop();
    throw new Error("no last collection");
  });
  await expect(runtime.shutdown()).rejects.toThrow("no last collection");
  expect(await asked()).toBe("ECONNREFUSED");
});

it("can't be started again once its end was asked for", async () => {
  await start();
  const ended = runtime.shutdown();
  await expect(runtime.start()).rejects.toThrow("can't be started again");
  await ended;
});
