import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { isWorkerProcess, WorkerSocket } from "../../src/processes/worker-socket.ts";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, readlinkSync: vi.fn(fs.readlinkSync) };
});

const place = { host: "127.0.0.1", port: 9464 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-worker-socket-"));
  vi.stubEnv("TMPDIR", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.mocked(readlinkSync).mockReset();
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (over: Partial<typeof place> = {}): string => new WorkerSocket({ ...place, ...over }, {}).path;

function ofProgram(script: string): string {
  vi.spyOn(process, "argv", "get").mockReturnValue([process.execPath, script]);
  return pathOf();
}

/** A socket in a container, whose namespaces have this name. */
function inContainer(name: string): string {
  vi.mocked(readlinkSync).mockImplementation((path) => `${path}:[${name}]`);
  return pathOf();
}

describe("the socket of workers", () => {
  it("is the same for workers of one program that want one port", () => {
    expect(pathOf()).toBe(pathOf());
  });

  it("differs by host, port and program", () => {
    const paths = [pathOf(), pathOf({ host: "0.0.0.0" }), pathOf({ port: 9465 }), ofProgram("/app/other.js")];
    expect(new Set(paths).size).toBe(4);
  });

  it("differs by container, also if they share a folder", () => {
    const [one, again, other] = [inContainer("1"), inContainer("1"), inContainer("2")];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  // Workers that have another version of this package find each other by the same name.
  it("has a name that does not change while reports stay alike", () => {
    vi.mocked(readlinkSync).mockImplementation((link) => `${link}:[1]`);
    vi.spyOn(process, "argv", "get").mockReturnValue([process.execPath, "/app/shop.js"]);
    const spaces = ["/proc/self/ns/net:[1]", "/proc/self/ns/pid:[1]"];
    const nameFor = (script: string) => {
      const text = JSON.stringify([4, process.ppid, "127.0.0.1", 9464, script, spaces]);
      return createHash("sha256").update(text).digest("hex").slice(0, 16);
    };
    expect(pathOf()).toContain(nameFor("/app/shop.js"));
    vi.spyOn(process, "argv", "get").mockReturnValue([process.execPath, "/pm2/lib/ProcessContainer.js"]);
    const { path } = new WorkerSocket(place, { pm_exec_path: "/app/other.js" });
    expect(path).toContain(nameFor("/app/other.js"));
  });

  it("does not need namespaces", () => {
    vi.mocked(readlinkSync).mockImplementation(() => {
      throw new Error("no such file");
    });
    expect(pathOf()).toBe(pathOf());
  });
});

describe.skipIf(process.platform === "win32")("the folder of the socket", () => {
  it("is created for this user alone, and an old socket is removed", () => {
    const socket = new WorkerSocket(place, {});
    socket.clear();
    expect(dirname(dirname(socket.path))).toBe(folder);
    expect(statSync(dirname(socket.path)).mode & 0o777).toBe(0o700);
    writeFileSync(socket.path, "");
    socket.clear();
    expect(existsSync(socket.path)).toBe(false);
  });

  it.each([0o750, 0o705, 0o777])("is not used if other users can enter it: mode %o", (mode) => {
    const socket = new WorkerSocket(place, {});
    mkdirSync(dirname(socket.path), { mode: 0o700 });
    writeFileSync(socket.path, "");
    chmodSync(dirname(socket.path), mode);
    expect(() => socket.clear()).toThrow("must be a folder that only this user can enter");
    expect(existsSync(socket.path)).toBe(true);
  });

  it("is not used if it belongs to another user", () => {
    const socket = new WorkerSocket(place, {});
    vi.spyOn(process, "getuid").mockReturnValue(12_345);
    expect(() => socket.clear()).toThrow("must be a folder that only this user can enter");
  });

  it("may be gone, which the socket shows", () => {
    const socket = new WorkerSocket(place, {});
    expect(socket.isThere).toBe(false);
    socket.clear();
    writeFileSync(socket.path, "");
    expect(socket.isThere).toBe(true);
  });

  it("is not used if it is a file", () => {
    const socket = new WorkerSocket(place, {});
    writeFileSync(dirname(socket.path), "");
    expect(() => socket.clear()).toThrow();
  });
});

describe("a process is a worker", () => {
  it("if PM2 runs it, and not if it only inherits the variable of PM2", () => {
    const environment = { pm_exec_path: "/app/shop.js" };
    expect(isWorkerProcess(environment)).toBe(false);
    vi.spyOn(process, "argv", "get").mockReturnValue([process.execPath, "/pm2/lib/ProcessContainer.js"]);
    expect(isWorkerProcess(environment)).toBe(true);
    expect(isWorkerProcess({})).toBe(false);
  });

  it("if it belongs to a cluster, and not if it only has a channel to its parent", () => {
    const cluster: { isWorker: boolean } = createRequire(import.meta.url)("node:cluster");
    const { isWorker } = cluster;
    const { send: ownSend } = process;
    onTestFinished(() => {
      Object.assign(cluster, { isWorker });
      Object.assign(process, { send: ownSend });
    });
    const seen = [true, false].map((isOne) => {
      cluster.isWorker = isOne;
      return [() => true, undefined].map((send) => {
        Object.assign(process, { send });
        return isWorkerProcess({});
      });
    });
    expect(seen).toEqual([
      [true, false],
      [false, false],
    ]);
  });
});
