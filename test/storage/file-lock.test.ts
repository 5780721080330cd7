import { chmod, mkdtemp, rm, stat, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileLock } from "../../src/storage/file-lock.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: vi.fn(async () => {}) }));

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
});
