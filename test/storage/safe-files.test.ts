import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { removeUnfinished, replaceFile, replaceFileNow } from "../../src/storage/safe-files.ts";

const done = vi.hoisted((): string[] => []);

// What reaches the disk, in its order.
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  return {
    ...original,
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
  writeFileSync(unfinished, "somebody else's");
  expect(() => replaceFileNow(file, unfinished, Buffer.from("newer"))).toThrow("EEXIST");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(readFileSync(unfinished, "utf8")).toBe("somebody else's");
});

it("unfinished files are removed, of now and of older versions, but no others", async () => {
  for (const name of ["a.0123456789ab.tmp", "a.77.tmp", "c.77.tmp", "a.tmp"])
    writeFileSync(join(folder, name), "");
  await removeUnfinished(folder, (name) => name === "a");
  expect(readdirSync(folder).sort()).toEqual(["a", "a.tmp", "c.77.tmp"]);
});
