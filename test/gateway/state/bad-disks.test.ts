import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import type * as files from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Hurry } from "../../../src/core/hurry.ts";
import { encodedFrame } from "../../../src/gateway/state/frames.ts";
import { slotName, slotOf } from "../../../src/gateway/state/slots.ts";
import type { StateRecord } from "../../../src/gateway/state/state-record.ts";
import { clock, collector, dataOf, record, stateFolder } from "./folder.ts";

/** What the disk is like. A full one takes half of what is written. */
const disk = vi.hoisted(() => ({
  is: "good" as "good" | "full" | "read-only" | "slow" | "hanging",
  asked: 0,
  openFiles: 0,
  mostOpenFiles: 0,
}));
/** Less than the patience with a disk, and of a few slots together more. */
const SLOW_MILLIS = vi.hoisted(() => 40);
const accesses = vi.hoisted(
  () => ["access", "link", "lstat", "mkdir", "open", "readdir", "rename", "stat", "unlink"] as const,
);

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof files>();
  const failure = (code: string): Error => Object.assign(new Error(`${code}: as tested`), { code });
  const faulty = <Method extends (...args: never[]) => unknown>(name: string, method: Method): Method =>
    ((...args: never[]) => {
      if (disk.is === "hanging") {
        disk.asked += 1;
        return new Promise(() => {});
      }
      if (disk.is === "slow") return delay(SLOW_MILLIS).then(() => method(...args));
      const isWrite =
        ["mkdir", "rename", "unlink", "link"].includes(name) ||
        (name === "open" && isToWrite(Number(args[1])));
      if (disk.is === "read-only" && isWrite) return Promise.reject(failure("EROFS"));
      return method(...args);
    }) as Method;
  const isToWrite = (flags: number): boolean => (flags & 3) !== 0;
  const open = async (...args: Parameters<typeof real.open>): Promise<files.FileHandle> => {
    const handle = await real.open(...args);
    const { writeFile, close } = handle;
    disk.openFiles += 1;
    disk.mostOpenFiles = Math.max(disk.mostOpenFiles, disk.openFiles);
    handle.close = () => {
      disk.openFiles -= 1;
      return close.call(handle);
    };
    handle.writeFile = async (bytes, ...more) => {
      if (disk.is !== "full") return writeFile.call(handle, bytes, ...more);
      await writeFile.call(handle, (bytes as Buffer).subarray(0, (bytes as Buffer).length / 2), ...more);
      throw failure("ENOSPC");
    };
    return handle;
  };
  const methods = { ...real, open };
  return {
    ...real,
    ...Object.fromEntries(accesses.map((name) => [name, faulty(name, methods[name] as never)])),
  };
});

const folder = stateFolder();
const SLOT_OF_A = slotName(slotOf("a"));

afterEach(() => Object.assign(disk, { is: "good", asked: 0 }));

/** A process that saves these records, each with its id as its data, and ends. */
async function life(...ids: string[]): Promise<void> {
  const { store } = await folder.opened();
  await store.close(ids.map((id) => record("series", id, id)));
}

const pathOf = (name: string): string => join(folder.path, name);
const both = [record("series", "a", "new"), record("series", "b", "new")];

function damage(name: string): Buffer {
  const bytes = readFileSync(pathOf(name));
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] as number) ^ 1;
  writeFileSync(pathOf(name), bytes);
  return bytes;
}

describe("a damaged file", () => {
  it("is kept under a name that says so, is logged once, and the other slots go on", async () => {
    await life("a", "b");
    const damaged = damage(SLOT_OF_A);
    const { store, loaded } = await folder.opened();
    expect(dataOf(loaded)).toMatchObject({ "series b": "b" });
    const [kept = "", ...others] = readdirSync(folder.path).filter((name) => name.includes("corrupt"));
    expect(others).toEqual([]);
    expect(kept).toMatch(new RegExp(`^${SLOT_OF_A}\\.corrupt-\\d{8}T\\d{6}\\.\\d{3}Z$`));
    expect(readFileSync(pathOf(kept))).toEqual(damaged);
    expect(store.bytes).toBeGreaterThan(damaged.length);
    await store.flush(both);
    const { bytes } = store;
    await store.close();
    const next = await folder.opened();
    expect(dataOf(next.loaded)).toEqual({ "series a": "new", "series b": "new" });
    expect(next.store.bytes).toBe(bytes);
    expect(folder.said).toEqual([
      expect.stringContaining(`the state file ${pathOf(SLOT_OF_A)} is damaged: altered places: 1`),
    ]);
    expect(folder.said[0]).toContain(pathOf(kept));
  });

  it("is written anew as soon as that is possible, and kept before", async () => {
    await life("a", "b");
    const damaged = damage(SLOT_OF_A);
    disk.is = "read-only";
    const { store } = await folder.opened();
    expect((await store.flush(both))?.failed).toEqual(new Set([slotOf("a"), slotOf("b")]));
    expect(readFileSync(pathOf(SLOT_OF_A))).toEqual(damaged);
    disk.is = "good";
    expect((await store.flush(both))?.failed).toEqual(new Set());
    await store.close();
    const kept = readdirSync(folder.path).find((name) => name.includes("corrupt")) ?? "";
    expect(readFileSync(pathOf(kept))).toEqual(damaged);
    expect(dataOf((await folder.opened()).loaded)).toEqual({ "series a": "new", "series b": "new" });
  });
});

describe("a file of a newer version", () => {
  it("is left alone and said, and the other slots go on", async () => {
    await life("a", "b");
    const bytes = readFileSync(pathOf(SLOT_OF_A));
    const newer = newerHeader();
    writeFileSync(pathOf(SLOT_OF_A), Buffer.concat([newer, bytes]));
    const { store, loaded } = await folder.opened();
    expect(dataOf(loaded)).toEqual({ "series b": "b" });
    const offsets = new Map([[slotOf("a"), { at: 1 }]]);
    const result = { written: 1, refused: 1, failed: new Set() };
    expect(await store.flush(both, { offsets })).toMatchObject(result);
    expect(await store.flush(both, { offsets })).toMatchObject(result);
    await store.close();
    expect(readFileSync(pathOf(SLOT_OF_A))).toEqual(Buffer.concat([newer, bytes]));
    expect(folder.said).toEqual([
      expect.stringContaining(`the state file ${pathOf(SLOT_OF_A)} is of version 99, which is newer`),
    ]);
  });
});

describe("links", () => {
  it("to a folder are not followed, and a line says what to do", async () => {
    const real = join(dirname(folder.path), "real");
    mkdirSync(real);
    symlinkSync(real, folder.path);
    const { store } = await folder.opened();
    expect(store.isOpen).toBe(false);
    expect(await store.flush(both)).toBeUndefined();
    await store.close(both);
    expect(readdirSync(real)).toEqual([]);
    expect(folder.said).toEqual([
      expect.stringContaining(
        `the state folder ${folder.path} can't be read: it is a symbolic link, which is not followed`,
      ),
    ]);
  });

  it("in the place of a file are not followed, and the slot is used when they are gone", async () => {
    await life("b");
    const victim = join(dirname(folder.path), "victim");
    writeFileSync(victim, "precious");
    symlinkSync(victim, pathOf(SLOT_OF_A));
    const { store } = await folder.opened();
    expect(await store.flush(both)).toMatchObject({ written: 1, refused: 1 });
    expect(await store.flush(both)).toMatchObject({ written: 1, refused: 1 });
    expect(readFileSync(victim, "utf8")).toBe("precious");
    expect(lstatSync(pathOf(SLOT_OF_A)).isSymbolicLink()).toBe(true);
    rmSync(pathOf(SLOT_OF_A));
    expect(await store.flush(both)).toMatchObject({ written: 2, refused: 0 });
    expect(folder.said).toEqual([
      expect.stringContaining(`${SLOT_OF_A} can't be read: it is a symbolic link, which is not followed`),
    ]);
  });

  it("that are planted later are not followed either", async () => {
    const { store } = await folder.opened();
    await store.flush(both);
    const victim = join(dirname(folder.path), "victim");
    writeFileSync(victim, "precious");
    rmSync(pathOf(SLOT_OF_A));
    symlinkSync(victim, pathOf(SLOT_OF_A));
    expect((await store.flush(both))?.failed).toEqual(new Set([slotOf("a")]));
    expect(readFileSync(victim, "utf8")).toBe("precious");
  });
});

describe("a file that another program", () => {
  it("removes is written anew by the second flush after", async () => {
    const { store } = await folder.opened();
    await store.flush(both);
    rmSync(pathOf(SLOT_OF_A));
    const versioned = both.map((one) => ({ ...one, version: 1 }));
    expect((await store.flush(versioned))?.failed).toEqual(new Set([slotOf("a")]));
    expect((await store.flush(versioned))?.failed).toEqual(new Set());
    await store.close();
    expect(dataOf((await folder.opened()).loaded)).toEqual({ "series a": "new", "series b": "new" });
    expect(folder.said).toEqual([expect.stringContaining("was removed by another program")]);
  });

  it("shortens gets what it lacks", async () => {
    const { store } = await folder.opened();
    const versioned = both.map((one) => ({ ...one, version: 1 }));
    await store.flush(versioned);
    truncateSync(pathOf(SLOT_OF_A), statSync(pathOf(SLOT_OF_A)).size - 1);
    const changed = [...versioned, record("window", "a", 5)];
    expect((await store.flush(changed))?.failed).toEqual(new Set([slotOf("a")]));
    expect((await store.flush(changed))?.failed).toEqual(new Set());
    await store.close();
    expect(dataOf((await folder.opened()).loaded)).toEqual({
      "series a": "new",
      "series b": "new",
      "window a": 5,
    });
  });
});

describe.each([
  ["full", /can't be written: ENOSPC/],
  ["read-only", /can't be written: EROFS/],
] as const)("a disk that is %s", (what, line) => {
  it("later is said once, costs nothing that was saved, and is tried again", async () => {
    await life("a");
    const { store } = await folder.opened();
    disk.is = what;
    const before = readFileSync(pathOf(SLOT_OF_A));
    for (let times = 0; times < 3; times += 1) {
      expect(await store.flush(both)).toMatchObject({
        written: 0,
        failed: new Set([slotOf("a"), slotOf("b")]),
      });
    }
    expect(readFileSync(pathOf(SLOT_OF_A)).subarray(0, before.length)).toEqual(before);
    expect(folder.said).toEqual([expect.stringMatching(line)]);
    disk.is = "good";
    expect(await store.flush(both)).toMatchObject({ written: 2, failed: new Set() });
    disk.is = what;
    await store.flush(both);
    expect(folder.said).toHaveLength(2);
    disk.is = "good";
    await store.close();
    expect(dataOf((await folder.opened()).loaded)).toEqual({ "series a": "new", "series b": "new" });
    expect(readdirSync(folder.path).some((name) => name.includes("corrupt"))).toBe(false);
  });

  it("while a flush goes on leaves slots as they were, with their offsets", async () => {
    await life("a");
    const { store } = await folder.opened();
    function* records(): Iterable<StateRecord> {
      disk.is = what;
      // More than waits in memory: it is written before the flush ends.
      yield record("window", "a", new Float64Array(3_000_000));
      disk.is = "good";
      yield* both;
    }
    const offsets = new Map([[slotOf("a"), { at: 1 }]]);
    expect(await store.flush(records(), { offsets, isWhole: true })).toMatchObject({
      written: 1,
      failed: new Set([slotOf("a")]),
    });
    expect(store.offsetsOf(slotOf("a"))).toBeUndefined();
    await store.close();
    expect(dataOf((await folder.opened()).loaded)).toEqual({ "series a": "a", "series b": "new" });
  });

  it("leaves what was saved to the next process", async () => {
    await life("a");
    const { store } = await folder.opened();
    disk.is = what;
    await store.close(both);
    disk.is = "good";
    expect(dataOf((await folder.opened()).loaded)).toEqual({ "series a": "a" });
  });
});

it("few files are open at the same time, and none afterwards", async () => {
  const { store } = await folder.opened();
  const many = Array.from({ length: 1000 }, (_, index) => record("series", `${index}`, 1));
  await store.flush(many);
  disk.mostOpenFiles = 0;
  expect(await store.flush(many)).toMatchObject({ written: 1000 });
  expect(disk.mostOpenFiles).toBeGreaterThan(1);
  expect(disk.mostOpenFiles).toBeLessThanOrEqual(8);
  expect(disk.openFiles).toBe(0);
});

it("a folder that can't be created is tried again a minute later", async () => {
  let millis = 0;
  const later = { elapsedMillis: () => millis, pause: clock.pause };
  const blocked = dirname(folder.path);
  rmSync(blocked, { recursive: true });
  writeFileSync(blocked, "");
  const { store } = await folder.opened({ clock: later });
  rmSync(blocked);
  millis = 59_999;
  await store.open(() => true);
  expect(store.isOpen).toBe(false);
  millis = 60_000;
  await store.open(() => true);
  expect(store.isOpen).toBe(true);
  expect(folder.said).toEqual([expect.stringMatching(/the state folder .* can't be read: E/)]);
});

describe("two processes with one folder", () => {
  it("use it one after the other: a line refuses the second until the first has ended", async () => {
    const first = await folder.opened();
    await first.store.flush(both);
    const second = await folder.opened();
    expect(second.store.isOpen).toBe(false);
    expect(second.loaded.size).toBe(0);
    expect(await second.store.flush([record("series", "a", "second")])).toBeUndefined();
    expect(folder.said).toEqual([
      expect.stringContaining(
        `the state folder ${folder.path} is in use by another process: this process keeps its state in memory`,
      ),
    ]);
    await first.store.close();
    const { loaded, take } = collector();
    await second.store.open(take);
    expect(dataOf(loaded)).toEqual({ "series a": "new", "series b": "new" });
    expect(folder.said).toHaveLength(1);
  });

  it("do not remove each other's unfinished files", async () => {
    const { store } = await folder.opened();
    await store.flush(both);
    const unfinished = pathOf(`${SLOT_OF_A}.0123456789ab.tmp`);
    writeFileSync(unfinished, "");
    await folder.opened();
    expect(existsSync(unfinished)).toBe(true);
    await store.close();
    await folder.opened();
    expect(existsSync(unfinished)).toBe(false);
  });

  it("the first stops to write when another has taken the lock away", async () => {
    const { store } = await folder.opened();
    await store.flush(both);
    rmSync(pathOf("state.lock"));
    const other = await listen(pathOf("state.lock"));
    expect(await store.flush([record("series", "a", "late")])).toBeUndefined();
    await store.close([record("series", "a", "late")]);
    other.close();
    expect(dataOf((await folder.opened()).loaded)).toEqual({ "series a": "new", "series b": "new" });
  });
});

it("a disk that is slow is waited for as long as it answers", async () => {
  const slots = [slotOf("a"), slotOf("b"), ...Array(30).keys()];
  await life("a", "b");
  disk.is = "slow";
  const hurry = new Hurry();
  hurry.begin();
  const { store, loaded } = await folder.opened({ hurry, slots: new Set(slots) });
  expect(store.isOpen).toBe(true);
  expect(dataOf(loaded)).toEqual({ "series a": "a", "series b": "b" });
  disk.is = "good";
  expect(folder.said).toEqual([]);
});

describe("a disk that hangs", () => {
  it("from the start delays the first collection shortly and no further one, and one line says why", async () => {
    disk.is = "hanging";
    const hurry = new Hurry();
    hurry.begin();
    const { store } = await folder.opened({ hurry });
    for (let times = 0; times < 3; times += 1) await store.open(() => true);
    store.flushIfDue(() => both);
    await store.close(both);
    expect(disk.asked).toBe(1);
    expect(store.isOpen).toBe(false);
    expect(folder.said).toEqual([
      expect.stringMatching(/can't be read: the disk has not answered for 0.5 s/),
    ]);
  });

  it("later delays no collections and no end, and one line says why", async () => {
    let millis = 0;
    const hurry = new Hurry();
    const { store } = await folder.opened({
      hurry,
      clock: { elapsedMillis: () => millis, pause: clock.pause },
    });
    await store.flush(both);
    disk.is = "hanging";
    for (; millis <= 200_000; millis += 10_000) store.flushIfDue(() => both);
    hurry.begin();
    await store.close(both);
    expect(disk.asked).toBeGreaterThan(0);
    expect(folder.said).toEqual([
      expect.stringMatching(/can't be written: the disk takes too long to answer/),
    ]);
  });

  it("is one that does not answer for 2 s, at more than one collection", async () => {
    let millis = 0;
    const { store } = await folder.opened({ clock: { elapsedMillis: () => millis, pause: clock.pause } });
    const startedAt = 60_000;
    millis = startedAt;
    disk.is = "hanging";
    store.flushIfDue(() => both);
    for (const [after, lines] of [
      [2000, 0],
      [2000, 0],
      [2001, 0],
      [2001, 1],
      [9000, 1],
    ] as const) {
      millis = startedAt + after;
      store.flushIfDue(() => both);
      expect(folder.said).toHaveLength(lines);
    }
  });

  it("for one collection, as after a suspension, is no reason for a line", async () => {
    let millis = 0;
    const { store } = await folder.opened({ clock: { elapsedMillis: () => millis, pause: clock.pause } });
    store.flushIfDue(() => both);
    millis = 3_600_000;
    store.flushIfDue(() => both);
    await store.idle;
    store.flushIfDue(() => both);
    await store.idle;
    expect(folder.said).toEqual([]);
  });

  it("is none that takes something now and then, however long a flush takes", async () => {
    let millis = 10_000;
    const twoCollections = () => {
      for (let times = 0; times < 2; times += 1) store.flushIfDue(() => []);
      return clock.pause();
    };
    const { store } = await folder.opened({ clock: { elapsedMillis: () => millis, pause: twoCollections } });
    function* records(): Iterable<StateRecord> {
      for (const id of ["a", "b", "c", "d"]) {
        millis += 1500;
        yield record("series", id, id);
      }
    }
    expect(await store.flush(records())).toMatchObject({ written: 4 });
    expect(folder.said).toEqual([]);
  });

  it("at the end delays it shortly", async () => {
    const hurry = new Hurry();
    const { store } = await folder.opened({ hurry });
    await store.flush(both);
    disk.is = "hanging";
    hurry.begin();
    await store.close(both);
    expect(folder.said).toEqual([
      expect.stringMatching(/can't be written: the disk takes too long to answer/),
    ]);
  });
});

function listen(at: string): Promise<Server> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(at, () => done(server));
  });
}

/** The first frame of a file of version 99. */
function newerHeader(): Buffer {
  const frame = encodedFrame("header", "", { format: "another" });
  frame[5] = 99;
  frame.writeUInt32LE(crc32(frame.subarray(0, 22)), 22);
  return frame;
}
