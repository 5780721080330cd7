import type * as files from "node:fs/promises";
import { chmod, mkdtemp, readdir, rm, stat, unlink } from "node:fs/promises";
import { connect, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileLock } from "../../src/storage/file-lock.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: vi.fn(async () => {}) }));
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof files>();
  return { ...original, unlink: vi.fn(original.unlink) };
});
vi.mock("node:net", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:net")>();
  return { ...original, connect: vi.fn(original.connect) };
});

/** The next connection to a lock does this, instead of reaching who has it. */
function nextConnection(does: (socket: Socket) => void): Socket {
  const socket = new Socket();
  vi.mocked(connect).mockImplementationOnce(() => {
    does(socket);
    return socket;
  });
  return socket;
}

const failing =
  (code: string) =>
  (socket: Socket): void =>
    void process.nextTick(() => socket.emit("error", Object.assign(new Error(), { code })));

describe.skipIf(process.platform === "win32")("a lock on a file", () => {
  let folder: string;
  let socket: string;
  let locks: FileLock[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "file-lock-"));
    socket = join(folder, "history.lock");
    locks = Array.from({ length: 2 }, () => new FileLock(join(folder, "history")));
  });
  afterEach(async () => {
    for (const lock of locks) await lock.release();
    await rm(folder, { recursive: true });
  });

  const [one, other] = [() => locks[0] as FileLock, () => locks[1] as FileLock];
  const exists = () =>
    stat(socket).then(
      () => true,
      () => false,
    );

  it("is one process's at a time, until that gives it back", async () => {
    expect(await one().take()).toBe("ours");
    expect(await one().take()).toBe("ours");
    expect(await other().take()).toBe("theirs");
    expect([one().isOurs, other().isOurs]).toEqual([true, false]);
    await one().release();
    expect(await exists()).toBe(false);
    expect(await other().take()).toBe("ours");
    expect([one().isOurs, other().isOurs]).toEqual([false, true]);
  });

  it("can be reached by the user of the process only", async () => {
    await one().take();
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
  });

  it("is given back at once when the process ends", async () => {
    await one().take();
    one().releaseNow();
    expect([await exists(), one().isOurs]).toEqual([false, false]);
    expect(await other().take()).toBe("ours");
  });

  it("is the later one's of two that take it over at once", async () => {
    vi.mocked(delay).mockImplementationOnce(async () => {
      await unlink(socket);
      expect(await other().take()).toBe("ours");
      return undefined as never;
    });
    expect(await one().take()).toBe("theirs");
    expect(delay).toHaveBeenLastCalledWith(20, undefined, { ref: false });
    expect([one().isOurs, other().isOurs]).toEqual([false, true]);
    await one().release();
    one().releaseNow();
    expect(await exists()).toBe(true);
  });

  it("is taken again by its owner after somebody has deleted it", async () => {
    await one().take();
    await unlink(socket);
    expect(await one().take()).toBe("ours");
    expect(await exists()).toBe(true);
  });

  it("is left to the process that took it after somebody had deleted it", async () => {
    await one().take();
    await unlink(socket);
    expect(await other().take()).toBe("ours");
    expect(await one().take()).toBe("theirs");
    expect([one().isOurs, other().isOurs]).toEqual([false, true]);
    await one().release();
    expect(await exists()).toBe(true);
  });

  it("does not work where no socket can be made", async () => {
    const lock = new FileLock(join(folder, "missing", "history"));
    expect(await lock.take()).toBe("impossible");
    expect(lock.isOurs).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)("does not work in a folder that is not ours", async () => {
    await chmod(folder, 0o500);
    expect(await one().take()).toBe("impossible");
    await chmod(folder, 0o700);
  });

  it.each(["EACCES", "EPERM", "EAGAIN"])("is somebody else's where the answer is %s", async (code) => {
    await one().take();
    nextConnection(failing(code));
    expect(await other().take()).toBe("theirs");
    expect(await one().take()).toBe("ours");
  });

  it.each(["ECONNREFUSED", "ENOENT"])("is taken over where the answer is %s", async (code) => {
    await one().take();
    nextConnection(failing(code));
    expect(await other().take()).toBe("ours");
    expect(await one().take()).toBe("theirs");
  });

  it("is somebody else's who takes over each time it is free: it is tried twice", async () => {
    await one().take();
    vi.mocked(connect).mockClear();
    for (let times = 0; times < 2; times += 1) {
      nextConnection(failing("ECONNREFUSED"));
      // Somebody has put another one there at once.
      vi.mocked(unlink).mockResolvedValueOnce();
    }
    expect(await other().take()).toBe("theirs");
    expect(connect).toHaveBeenCalledTimes(2);
  });

  it("is somebody else's who does not answer for half a second", async () => {
    await one().take();
    const times: number[] = [];
    const socket = nextConnection((made) => {
      made.setTimeout = (millis, callback) => {
        times.push(millis);
        if (callback !== undefined) process.nextTick(callback);
        return made;
      };
    });
    expect(await other().take()).toBe("theirs");
    expect([times, socket.destroyed]).toEqual([[500], true]);
  });

  it("leaves no connection open to who has it", async () => {
    await one().take();
    vi.mocked(connect).mockClear();
    await other().take();
    expect(vi.mocked(connect).mock.results.map(({ value }) => (value as Socket).destroyed)).toEqual([true]);
  });

  it("is beside the file if the path of a socket may be so long, else in the folder for temporary files", async () => {
    const name = (bytes: number): string => "a".repeat(bytes - Buffer.byteLength(join(folder, ".lock")));
    for (const [bytes, files] of [
      [100, [`${name(100)}.lock`]],
      [101, []],
    ] as const) {
      const [first, second] = [1, 2].map(() => new FileLock(join(folder, name(bytes))));
      expect(await first?.take()).toBe("ours");
      expect(await readdir(folder)).toEqual(files);
      expect(await second?.take()).toBe("theirs");
      await first?.release();
    }
  });

  it("of a long path has a name that all versions give it", async () => {
    // The folder for temporary files of macOS has a long path.
    const temporary = await mkdtemp("/tmp/lock-");
    vi.stubEnv("TMPDIR", temporary);
    try {
      const lock = new FileLock(`/${"a".repeat(100)}`);
      expect(await lock.take()).toBe("ours");
      // By `printf PATH | sha256sum`.
      expect(await readdir(temporary)).toEqual(["otel-forecast-8f96eb6114fb7bd1ba26f752dc816485.lock"]);
      await lock.release();
    } finally {
      vi.unstubAllEnvs();
      await rm(temporary, { recursive: true });
    }
  });
});
