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
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkerSocket } from "../../src/processes/worker-socket.ts";

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

  it("is not used if it is a file", () => {
    const socket = new WorkerSocket(place, {});
    writeFileSync(dirname(socket.path), "");
    expect(() => socket.clear()).toThrow();
  });
});
