import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { OwnMeasurements } from "../../src/processes/own-measurements.ts";
import { Reporter } from "../../src/processes/reporter.ts";
import { WorkerGroup } from "../../src/processes/worker-group.ts";
import { WorkerTotals } from "../../src/processes/worker-totals.ts";
import { until } from "../eventually.ts";
import { orders } from "./orders.ts";

/** The times that were waited, in order. No test waits for them. */
const waited: number[] = [];
vi.mock("node:timers/promises", () => ({
  setTimeout: async (millis: number) => {
    waited.push(millis);
  },
}));

let path: string;

beforeEach(() => {
  waited.splice(0);
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-waits-"));
  mkdirSync(folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  path = process.platform === "win32" ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, "socket");
});

/** A worker whose socket is at the path, and the times that its endpoint tried to listen again. */
function worker() {
  const workers = new WorkerTotals();
  const measurements = new OwnMeasurements({ workers, shown: async () => orders(1), onDropped: () => {} });
  const listenAgain = vi.fn(async () => {});
  const group = new WorkerGroup({
    workerSocket: { path, isThere: true, clear: () => {} } as never,
    endpoint: { url: "http://127.0.0.1:9464", listenAgain },
    receiver: { take: () => true, remove: () => {} },
    workers,
    measurements,
    use: { byEach: () => [], take: () => {} },
    everyMillis: 3_600_000,
    answering: async () => undefined,
    reporterTo: (sink) => new Reporter({ self: "shop", producers: [], everyMillis: 3_600_000, sink }),
  });
  onTestFinished(async () => {
    await group.sendLast();
    await group.leave();
  });
  return { group, listenAgain, workers, measurements };
}

/**
 * The process with the port, which sends this to each worker that connects, and a question after it.
 * @returns `isReceived`: whether a worker has answered, so that it has the message.
 */
async function owner(message: unknown) {
  const sockets: Socket[] = [];
  let received = "";
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    socket.on("data", (bytes) => {
      received += bytes;
    });
    socket.write(`${JSON.stringify(message)}\n${JSON.stringify({ question: 1, body: "" })}\n`);
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  const end = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(end);
  return { end, isReceived: () => received.includes('{"answer":1') };
}

it("a worker tries to connect longer and longer, and then gives up", async () => {
  expect(await worker().group.isShownByOwner()).toBe(false);
  expect(waited).toEqual([0, 50, 100, 200, 400]);
});

it("a worker that has left does not try", async () => {
  const { group } = worker();
  await group.sendLast();
  expect(await group.isShownByOwner()).toBe(false);
  expect(waited).toEqual([0]);
});

it("a worker connects at once where it can, and lets the successor try first when the other has ended", async () => {
  const { end, isReceived } = await owner(null);
  const { group, listenAgain } = worker();
  expect(await group.isShownByOwner()).toBe(true);
  expect(waited.splice(0)).toEqual([0]);
  await until(isReceived);
  end();
  await until(() => listenAgain.mock.calls.length > 0);
  expect(waited).toEqual([1000]);
});

it.each([
  ["a successor", false, []],
  ["a spare one", true, [1000]],
])("%s of the process that has ended waits so long before it listens: %s", async (_, isSpare, waits) => {
  const handover = { isSpare, id: "owner", number: 2, ended: [], workers: [] };
  const { end, isReceived } = await owner(handover);
  const { group, listenAgain, measurements, workers } = worker();
  expect(await group.isShownByOwner()).toBe(true);
  waited.splice(0);
  const continued = vi.spyOn(workers, "continueFrom");
  await until(isReceived);
  end();
  await until(() => listenAgain.mock.calls.length > 0);
  expect(waited.splice(0)).toEqual(waits);
  expect(await group.isShownByOwner()).toBe(false);
  expect(waited).toEqual(isSpare ? [0, 50, 100, 200, 400] : [0]);
  group.onPortAcquired();
  expect(continued).toHaveBeenCalledOnce();
  expect(measurements.handover).toBeUndefined();
});
