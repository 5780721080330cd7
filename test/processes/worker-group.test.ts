import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { UsedByMember } from "../../src/agents/used-today.ts";
import { HOUR_MILLIS } from "../../src/core/durations.ts";
import { OwnMeasurements } from "../../src/processes/own-measurements.ts";
import { readReport } from "../../src/processes/report.ts";
import { Reporter, type ReportSink } from "../../src/processes/reporter.ts";
import { WorkerGroup } from "../../src/processes/worker-group.ts";
import { WorkerSocket } from "../../src/processes/worker-socket.ts";
import { WorkerTotals } from "../../src/processes/worker-totals.ts";
import { eventually, until } from "../eventually.ts";
import { increment, orders, totalOf } from "./orders.ts";

const EVERY_MILLIS = 20;
let folder: string;
let workers: WorkerGroup[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-worker-group-"));
  vi.stubEnv("TMPDIR", folder);
  vi.stubEnv("TEMP", folder);
  workers = [];
});

afterEach(async () => {
  for (const group of workers) {
    await group.sendLast();
    await group.leave();
  }
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A worker of a cluster that has counted some orders. */
function worker(counted: number, everyMillis = EVERY_MILLIS) {
  const totals = new WorkerTotals();
  const shown = async () => orders(counted);
  const measurements = new OwnMeasurements({ workers: totals, shown, onDropped: () => {} });
  const workerSocket = new WorkerSocket({ host: "127.0.0.1", port: 9464 }, process.env);
  const listensAgain = vi.fn(async () => {});
  const taken: UsedByMember[] = [];
  const sinks: ReportSink[] = [];
  const group = new WorkerGroup({
    workerSocket,
    endpoint: { url: "http://127.0.0.1:9464", listenAgain: listensAgain },
    receiver: {
      take(id, given) {
        const report = readReport(given);
        if (report?.worker === undefined) return false;
        totals.take(id, report.worker);
        return true;
      },
      remove: (id) => totals.remove(id),
    },
    workers: totals,
    measurements,
    use: { byEach: (id) => [{ id, today: undefined as never }], take: (used) => taken.push(used) },
    everyMillis,
    answering: async (body) => ({ answered: body }),
    reporterTo: (sink) => {
      sinks.push(sink);
      return new Reporter({
        self: "planner",
        producers: [],
        everyMillis: EVERY_MILLIS,
        sink,
        worker: () => measurements.report(),
      });
    },
  });
  workers.push(group);
  return {
    group,
    canReport: () => sinks[0]?.isFree,
    totals,
    measurements,
    listensAgain,
    taken,
    path: workerSocket.path,
    total: () => totalOf(totals, counted),
  };
}

async function twoWorkers() {
  const first = worker(1);
  first.group.onPortAcquired();
  await until(() => process.platform === "win32" || existsSync(first.path));
  const second = worker(2);
  expect(await second.group.isShownByOwner()).toBe(true);
  await eventually(() => expect(first.total()).toBe(3));
  return { first, second };
}

/** The process with the port, as a worker sees it: the test accepts and ends connections itself. */
class Owner {
  readonly reports: string[] = [];
  readonly #server: Server;
  #socket: Socket | undefined;

  static async at(path: string): Promise<Owner> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const owner = new Owner();
    await new Promise<void>((resolve) => owner.#server.listen(path, resolve));
    return owner;
  }

  private constructor() {
    this.#server = createServer((socket) => {
      this.#socket = socket;
      createInterface({ input: socket }).on("line", (line) => this.reports.push(line));
    });
  }

  /** Resolves when the worker has received the message: it answers the question after it. */
  async send(message: unknown): Promise<void> {
    const question = this.reports.length;
    this.#socket?.write(`${JSON.stringify(message)}\n${JSON.stringify({ question, body: "" })}\n`);
    await until(() => this.reports.some((line) => line.startsWith(`{"answer":${question},`)));
  }

  /** As if the process were killed. */
  async end(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#socket?.destroy();
    await closed;
  }

  /** As if the process were killed while the system still accepts a connection in its name. */
  endAtTheNextConnection(): void {
    this.#server.removeAllListeners("connection");
    this.#server.on("connection", (socket: Socket) => socket.destroy());
    this.#socket?.destroy();
  }
}

/** The handover of a process that has ended, which had counted 10 orders. */
function handoverOfAnother() {
  const totals = new WorkerTotals();
  totals.addSelf("another");
  return totals.stateFor(2, { id: "another", shown: orders(10) });
}

describe("the workers of a cluster", () => {
  it("report to the one with the port, which shows and forecasts the sum", async () => {
    const { first, second } = await twoWorkers();
    expect([first.group.isMember, second.group.isMember]).toEqual([false, true]);
    expect(second.measurements.share([increment(5)])).toEqual([]);
    await eventually(() => expect(first.measurements.share([])).toEqual([increment(5)]));
    expect(first.measurements.share([increment(4)])).toEqual([increment(4)]);
  });

  it("make reports only while another one shows them", async () => {
    const { first, second } = await twoWorkers();
    expect(first.canReport()).toBe(false);
    await eventually(() => expect(second.canReport()).toBe(true));
    await second.group.leave();
    expect(second.canReport()).toBe(false);
  });

  it("are shown by nobody where none has the port", async () => {
    const { group, measurements } = worker(1);
    expect(await group.isShownByOwner()).toBe(false);
    expect(group.isMember).toBe(false);
    expect(measurements.share([increment(5)])).toEqual([increment(5)]);
  });

  it("open the port again when the one that has it ends, whose totals the successor continues", async () => {
    const { first, second } = await twoWorkers();
    await first.group.sendLast();
    await first.group.leave();
    await until(() => second.listensAgain.mock.calls.length > 0);
    expect(second.group.isMember).toBe(false);
    expect(second.measurements.share([increment(5)])).toEqual([increment(5)]);
    second.group.onPortAcquired();
    expect(second.total()).toBe(3);
    expect(second.taken).toEqual([{ id: first.measurements.id, today: [] }]);
    expect(first.listensAgain).not.toHaveBeenCalled();
  });

  it("hand over at an interval, so that also a worker that is killed has a successor", async () => {
    const { first, second } = await twoWorkers();
    const third = worker(4);
    const handover = vi.spyOn(second.measurements, "handover", "set");
    await until(() => existsSync(second.path));
    await first.group.leave();
    await until(() => second.listensAgain.mock.calls.length > 0);
    // Another worker gets the port: the successor passes the totals on to it.
    third.group.onPortAcquired();
    expect(await second.group.isShownByOwner()).toBe(true);
    expect(handover).toHaveBeenCalledWith(expect.stringContaining(first.measurements.id));
    await eventually(() => expect(third.total()).toBe(7));
  });

  it.skipIf(process.platform === "win32")(
    "continue the totals also if the process that had the port accepts a connection while it ends",
    async () => {
      const successor = worker(2);
      const owner = await Owner.at(successor.path);
      expect(await successor.group.isShownByOwner()).toBe(true);
      await until(() => owner.reports.length > 0);
      await owner.send(handoverOfAnother());
      owner.endAtTheNextConnection();
      await until(() => successor.listensAgain.mock.calls.length === 1);
      expect(await successor.group.isShownByOwner()).toBe(true);
      await until(() => successor.listensAgain.mock.calls.length === 2);
      await owner.end();
      successor.group.onPortAcquired();
      expect(successor.total()).toBe(12);
    },
  );

  it.skipIf(process.platform === "win32")(
    "meet again after somebody has removed their socket, such as a cleaner of temporary files",
    async () => {
      const { first } = await twoWorkers();
      rmSync(dirname(first.path), { recursive: true });
      const third = worker(4);
      await eventually(async () => expect(await third.group.isShownByOwner()).toBe(true));
      await eventually(() => expect(first.total()).toBe(7));
    },
  );

  it.skipIf(process.platform === "win32")("meet as soon as their socket can be opened", async () => {
    const first = worker(1);
    mkdirSync(dirname(first.path), { mode: 0o755 });
    first.group.onPortAcquired();
    rmSync(dirname(first.path), { recursive: true });
    const second = worker(2);
    await eventually(async () => expect(await second.group.isShownByOwner()).toBe(true));
  });

  it("continue the totals also if the successor ends at the same time", async () => {
    const { first, second } = await twoWorkers();
    const third = worker(4);
    expect(await third.group.isShownByOwner()).toBe(true);
    await eventually(() => expect(first.total()).toBe(7));
    await Promise.all([first.group.sendLast(), second.group.sendLast()]);
    await Promise.all([first.group.leave(), second.group.leave()]);
    await until(() => third.listensAgain.mock.calls.length > 0);
    third.group.onPortAcquired();
    expect(third.total()).toBe(7);
  });

  it.skipIf(process.platform === "win32")(
    "continue from no handover that the process with the port took back",
    async () => {
      const member = worker(2);
      const owner = await Owner.at(member.path);
      expect(await member.group.isShownByOwner()).toBe(true);
      await until(() => owner.reports.length > 0);
      await owner.send(handoverOfAnother());
      await owner.send(null);
      await owner.end();
      await until(() => member.listensAgain.mock.calls.length === 1);
      member.group.onPortAcquired();
      expect(member.total()).toBe(2);
    },
  );

  it("hand over to a new successor at once, not only at the next interval", async () => {
    const first = worker(1, HOUR_MILLIS);
    first.group.onPortAcquired();
    await until(() => process.platform === "win32" || existsSync(first.path));
    const second = worker(2, HOUR_MILLIS);
    const sent = vi.spyOn(first.totals, "onHandoverSent");
    expect(await second.group.isShownByOwner()).toBe(true);
    await eventually(() => expect(sent).toHaveBeenCalledWith("worker 1", expect.anything()));
  });

  it("report the last time when they leave, and connect no more", async () => {
    const { first, second } = await twoWorkers();
    expect(second.measurements.share([increment(6)])).toEqual([]);
    await second.group.sendLast();
    await second.group.leave();
    expect(second.group.isMember).toBe(false);
    await eventually(() => expect(first.measurements.share([])).toEqual([increment(6)]));
    expect(await second.group.isShownByOwner()).toBe(false);
    expect(second.listensAgain).not.toHaveBeenCalled();
    expect(first.total()).toBe(3);
  });
});
