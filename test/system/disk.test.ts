import { describe, expect, it } from "vitest";
import { readDiskPercent } from "../../src/system/disk.ts";

describe("disk in use", () => {
  it("counts as df does: blocks kept for the superuser are neither used nor available", async () => {
    // df of an ext4 of 1000 blocks, 50 of them reserved: 700 used, 250 available, 74 % (73.68)
    const statfs = async () => ({ blocks: 1000, bfree: 300, bavail: 250 });
    expect(await readDiskPercent({ statfs, folder: () => "/" })).toBeCloseTo(73.684, 3);
  });

  it("reads the folder's file system each time", async () => {
    const asked: string[] = [];
    const statfs = async (path: string) => {
      asked.push(path);
      return { blocks: 4, bfree: 3, bavail: 3 };
    };
    expect(await readDiskPercent({ statfs, folder: () => "/srv/agent" })).toBe(25);
    expect(asked).toEqual(["/srv/agent"]);
  });

  it("is unknown for a file system without blocks", async () => {
    const statfs = async () => ({ blocks: 0, bfree: 0, bavail: 0 });
    expect(await readDiskPercent({ statfs, folder: () => "/proc" })).toBeUndefined();
  });
});
