import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { link } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createFolder,
  openFile,
  removeUnfinished,
  replaceFile,
  replaceFileNow,
  setAside,
  unfinishedName,
} from "../../src/storage/safe-files.ts";

const done = vi.hoisted((): string[] => []);

// What reaches the disk, in its order.
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  return {
    ...original,
    link: vi.fn(original.link),
    async open(...args: Parameters<typeof original.open>) {
      const handle = await original.open(...args);
      const sync = handle.sync.bind(handle);
      handle.sync = () => {
        done.push(`flush ${basename(String(args[0]))}`);
        return sync();
      };
      return handle;
    },
    async rename(...args: Parameters<typeof original.rename>) {
      await original.rename(...args);
      done.push(`rename ${args.map((path) => basename(String(path))).join(" ")}`);
    },
  };
});

vi.mock("node:fs", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs")>();
  return {
    ...original,
    fsyncSync(file: number) {
      original.fsyncSync(file);
      done.push("flush at once");
    },
    renameSync(...args: Parameters<typeof original.renameSync>) {
      original.renameSync(...args);
      done.push(`rename ${args.map((path) => basename(String(path))).join(" ")} at once`);
    },
  };
});

let folder: string;
let file: string;
let unfinished: string;

beforeEach(() => {
  done.length = 0;
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-safe-"));
  [file, unfinished] = [join(folder, "a"), join(folder, "b")];
  writeFileSync(file, "old");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("a file that is replaced is on the disk before it has its name, and its name after", async () => {
  await replaceFile(file, unfinished, (handle) => handle.writeFile("new"));
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["a"]);
  expect(done).toEqual(["flush b", "rename b a", `flush ${basename(folder)}`]);
});

it("a file that can't be written leaves the old one, and nothing else", async () => {
  const full = async () => {
    throw new Error("ENOSPC");
  };
  await expect(replaceFile(file, unfinished, full)).rejects.toThrow("ENOSPC");
  expect(readFileSync(file, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["a"]);
  expect(done).toEqual([]);
});

it("a file is replaced at once, but none that is there already is written to", () => {
  replaceFileNow(file, unfinished, Buffer.from("new"));
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(done).toEqual(["flush at once", "rename b a at once"]);
  writeFileSync(unfinished, "somebody else's");
  expect(() => replaceFileNow(file, unfinished, Buffer.from("newer"))).toThrow("EEXIST");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(readFileSync(unfinished, "utf8")).toBe("somebody else's");
});

it.skipIf(process.platform !== "linux")("no file stays open, also where one can't be used", async () => {
  const open = (): number => readdirSync("/proc/self/fd").length;
  const before = open();
  await replaceFile(file, unfinished, (handle) => handle.writeFile("new"));
  await replaceFile(file, unfinished, () => Promise.reject(new Error("ENOSPC"))).catch(() => {});
  replaceFileNow(file, unfinished, Buffer.from("newer"));
  expect(() => replaceFileNow(folder, unfinished, Buffer.from("newest"))).toThrow();
  await openFile(folder).catch(() => {});
  expect(open()).toBe(before);
});

it("unfinished files are removed, of now and of older versions, but no others", async () => {
  for (const name of ["a.0123456789ab.tmp", "a.77.tmp", "c.77.tmp", "a.tmp"])
    writeFileSync(join(folder, name), "");
  writeFileSync(unfinishedName(file), "");
  await removeUnfinished(folder, (name) => name === "a");
  expect(readdirSync(folder).sort()).toEqual(["a", "a.tmp", "c.77.tmp"]);
});

it("a file that can't be put in its place at once leaves nothing", () => {
  mkdirSync(join(folder, "c"));
  expect(() => replaceFileNow(join(folder, "c"), unfinished, Buffer.from("new"))).toThrow();
  expect(readdirSync(folder).sort()).toEqual(["a", "c"]);
});

it.skipIf(process.platform === "win32")("a file is for the user of the process only", async () => {
  await replaceFile(file, unfinished, (handle) => handle.writeFile("new"));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  replaceFileNow(file, unfinished, Buffer.from("newer"));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("a file is opened to be read or written at its end, if there is one", async () => {
  const reader = await openFile(file);
  expect(await reader?.readFile("utf8")).toBe("old");
  await expect(reader?.writeFile("new")).rejects.toThrow("EBADF");
  await reader?.close();
  const writer = await openFile(file, "append");
  await writer?.writeFile("er");
  await writer?.close();
  expect(readFileSync(file, "utf8")).toBe("older");
  expect(await openFile(unfinished)).toBeUndefined();
  expect(await openFile(unfinished, "append")).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["a"]);
});

it.skipIf(process.platform === "win32")(
  "no link is followed, and what is no file is not opened",
  async () => {
    symlinkSync(file, join(folder, "link"));
    mkdirSync(join(folder, "folder"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await expect(openFile(join(folder, "link"))).rejects.toThrow(
      "it is a symbolic link, which is not followed",
    );
    await expect(openFile(join(folder, "link"), "append")).rejects.toThrow("it is a symbolic link");
    await expect(openFile(join(folder, "folder"))).rejects.toThrow("it is not a file");
    await expect(openFile(join(folder, "folder"), "append")).rejects.toThrow("EISDIR");
    await expect(openFile(join(folder, "pipe"))).rejects.toThrow("it is not a file");
    // No process reads from it.
    await expect(openFile(join(folder, "pipe"), "append")).rejects.toThrow("ENXIO");
    await expect(openFile(join(file, "beneath"))).rejects.toThrow("ENOTDIR");
  },
);

describe.each([true, false])("a file that is set aside, where hard links are possible: %s", (hasLinks) => {
  beforeEach(() => {
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    if (!hasLinks) vi.mocked(link).mockRejectedValue(Object.assign(new Error(), { code: "EPERM" }));
  });
  afterEach(() => {
    vi.mocked(link).mockReset();
  });

  it("stays, and is kept once under the time of its last change", async () => {
    const kept = `${file}.unreadable-20231114T221320.000Z`;
    expect(await setAside(file, "unreadable")).toBe(kept);
    expect(await setAside(file, "unreadable")).toBe(kept);
    expect(readdirSync(folder)).toEqual([basename(file), basename(kept)]);
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readFileSync(kept, "utf8")).toBe("old");
  });

  it("takes no more room than before, if that is possible", async () => {
    const kept = await setAside(file, "unreadable");
    expect(statSync(kept).ino === statSync(file).ino).toBe(hasLinks);
  });

  it("is kept as it was when another takes its place", async () => {
    const kept = await setAside(file, "unreadable");
    await replaceFile(file, unfinished, (handle) => handle.writeFile("new"));
    expect(readFileSync(kept, "utf8")).toBe("old");
  });

  it("is not kept if it is a folder, or not there", async () => {
    mkdirSync(join(folder, "c"));
    await expect(setAside(join(folder, "c"), "unreadable")).rejects.toThrow();
    await expect(setAside(join(folder, "d"), "unreadable")).rejects.toThrow("ENOENT");
  });
});

it("a folder is created with those above it, and its mode is its own only", async () => {
  const path = join(folder, "one", "two");
  await createFolder(path, 0o700);
  await createFolder(path, 0o755);
  expect(statSync(path).isDirectory()).toBe(true);
  if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, "one")).mode & 0o777).toBe(statSync(defaultFolder()).mode & 0o777);
  await Promise.all([1, 2].map(() => createFolder(join(folder, "three", "four"))));
  await expect(createFolder(join(file, "beneath"))).rejects.toThrow("ENOTDIR");
});

/** A folder as the system creates it. */
function defaultFolder(): string {
  const path = join(folder, "default");
  mkdirSync(path);
  return path;
}
