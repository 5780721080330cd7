import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { encodedFrame } from "../../../src/gateway/state/frames.ts";
import { commitOf, headerOf } from "../../../src/gateway/state/slot-content.ts";
import type { SlotFile } from "../../../src/gateway/state/slot-file.ts";
import { slotName } from "../../../src/gateway/state/slots.ts";
import type { SlotOffsets, StateRecord } from "../../../src/gateway/state/state-record.ts";
import { randomFrom, withTurnedBit } from "../../harness/random-from.ts";
import { dataOf, type Loaded, record, stateFolder } from "./folder.ts";

const FLIPS = 2000;
const SLOT = 7;
const folder = stateFolder();
let path: string;

beforeEach(() => {
  mkdirSync(folder.path);
  path = join(folder.path, slotName(SLOT));
});

let turn = 0;

async function flush(file: SlotFile, records: readonly StateRecord[], offsets?: SlotOffsets): Promise<void> {
  turn += 1;
  const batch = file.newBatch(turn);
  for (const one of records) batch.take(one);
  await file.commit(batch, offsets);
}

const series = (id: string, version: number): StateRecord =>
  record("series", id, { id, version, values: Float64Array.of(version, Number.NaN, -0.1) });

/** The batches of a small state, and what it holds after each of them: the version of each series. */
const batches: readonly { records: readonly StateRecord[]; after: Record<string, number> }[] = [
  { records: [series("a", 1), series("e", 1), series("c", 1)], after: { a: 1, e: 1, c: 1 } },
  { records: [series("a", 2), record("series", "c", undefined)], after: { a: 2, e: 1 } },
  { records: [series("d", 3), series("e", 3)], after: { a: 2, e: 3, d: 3 } },
];
const MARKER = Buffer.from("894f4653", "hex");
const KEYS = ["a", "e", "c", "d"];

/** Writes the state, and returns the length of the file before and after each batch. */
async function written(): Promise<{ whole: Buffer; ends: number[] }> {
  const { file } = await folder.fileOf(SLOT);
  const ends: number[] = [];
  for (const [index, { records }] of batches.entries()) {
    await flush(file, records, { at: index });
    ends.push(file.bytes);
  }
  return { whole: readFileSync(path), ends };
}

/** The versions that were loaded. Each has to be just as it was written. */
function versionsOf(all: Loaded): Record<string, number> {
  const versions: Record<string, number> = {};
  for (const { kind, id, data } of all.values()) {
    const { version } = data as { version: number };
    expect(kind).toBe("series");
    expect(data).toStrictEqual(series(id, version).data());
    expect(batches.some(({ after }) => after[id] === version)).toBe(true);
    versions[id] = version;
  }
  return versions;
}

const aside = () => readdirSync(folder.path).filter((name) => name.startsWith(`${slotName(SLOT)}.corrupt-`));

describe("the file of a slot that is cut", () => {
  it("at any byte is what the last whole batch left, and goes on from there", async () => {
    const { whole, ends } = await written();
    for (let length = firstCommitEnd(whole); length <= whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      const { file, loaded: found, isDamaged } = await folder.fileOf(SLOT);
      const last = ends.findLastIndex((end) => end <= length);
      expect(isDamaged, `cut at ${length}`).toBe(false);
      expect(versionsOf(found), `cut at ${length}`).toEqual(batches[last]?.after ?? {});
      expect(file.offsets).toEqual(last < 0 ? undefined : { at: last });
      expect([...found.values()].every(({ isLatest }) => isLatest)).toBe(true);
      await flush(file, [record("series", "new", "whole")]);
      const again = await folder.fileOf(SLOT);
      expect(again.loaded.get("series new")?.data).toBe("whole");
      expect(again.loaded.size).toBe(found.size + 1);
      expect(again.isDamaged).toBe(false);
    }
    expect(aside()).toEqual([]);
    expect(folder.said).toEqual([]);
  });

  it("within what was written beside the old file is damaged, and nothing that is whole is lost", async () => {
    await written();
    const { file } = await folder.fileOf(SLOT);
    await file.rewrite();
    const whole = readFileSync(path);
    expect(versionsOf((await folder.fileOf(SLOT)).loaded)).toEqual(batches.at(-1)?.after);
    for (let length = 0; length < whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      const { loaded: found, isDamaged, file } = await folder.fileOf(SLOT);
      expect(isDamaged, `cut at ${length}`).toBe(true);
      versionsOf(found);
      const text = whole.subarray(0, length).toString("latin1");
      expect(found.size).toBeGreaterThanOrEqual(text.split("series\n").length - 2);
      expect(file.offsets).toBeUndefined();
    }
  });
});

describe("the file of a slot in which a bit is turned", () => {
  it(`${FLIPS} times never gives an altered record, loses at most one, and is kept as it was`, async () => {
    const { whole } = await written();
    const latest = batches.at(-1)?.after ?? {};
    const random = randomFrom(12);
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const { bytes, where } = withTurnedBit(whole, random);
      writeFileSync(path, bytes);
      const { file, loaded: found, isDamaged } = await folder.fileOf(SLOT);
      expect(isDamaged, where).toBe(true);
      expect(file.offsets, where).toBeUndefined();
      const versions = versionsOf(found);
      const wrong = KEYS.filter((id) => versions[id] !== latest[id]);
      expect(wrong.length, where).toBeLessThanOrEqual(1);
      // What is said to be the latest is the latest.
      for (const { id, isLatest } of found.values())
        if (isLatest) expect(versions[id], where).toBe(latest[id]);
      const [kept = ""] = aside();
      expect(readFileSync(join(folder.path, kept)), where).toEqual(bytes);
      await flush(file, [record("window", "new", "whole")], { at: 9 });
      const again = await folder.fileOf(SLOT);
      expect(again.isDamaged, where).toBe(false);
      expect(again.loaded.delete("window new")).toBe(true);
      expect(versionsOf(again.loaded), where).toEqual(versions);
      expect(readFileSync(join(folder.path, kept)), where).toEqual(bytes);
      rmSync(join(folder.path, kept));
    }
    expect(folder.said).toHaveLength(FLIPS);
  });
});

it("bytes of anything are damaged, kept, and replaced", async () => {
  for (const bytes of ["", "x", "\n".repeat(100_000), readFileSync(process.execPath).subarray(0, 1e6)]) {
    writeFileSync(path, bytes);
    const { file, loaded: found, isDamaged } = await folder.fileOf(SLOT);
    expect(isDamaged).toBe(true);
    expect(found.size).toBe(0);
    await flush(file, [series("a", 1)]);
    expect(versionsOf((await folder.fileOf(SLOT)).loaded)).toEqual({ a: 1 });
    for (const name of aside()) rmSync(join(folder.path, name));
  }
});

it("a file of any length takes little memory, and what is whole of it is used", async () => {
  const { whole, ends } = await written();
  const length = 2 ** 29;
  truncateSync(path, length);
  writeFileSync(path, whole.subarray(whole.indexOf(MARKER, 1), ends.at(-1)), { flag: "a" });
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const { loaded: found, isDamaged } = await folder.fileOf(SLOT, () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  });
  expect(isDamaged).toBe(true);
  expect(versionsOf(found)).toEqual(batches.at(-1)?.after);
  expect(most).toBeLessThan(length / 2);
  expect(folder.said).toEqual([expect.stringContaining("is damaged: altered places: 1. What is whole")]);
});

it("a file that lacks a record between others says so, and what may be out of date", async () => {
  const { whole } = await written();
  const removal = whole.lastIndexOf(MARKER, whole.indexOf("series\nc", whole.indexOf("series\nc") + 1));
  const end = whole.indexOf(MARKER, removal + 1);
  writeFileSync(path, Buffer.concat([whole.subarray(0, removal), whole.subarray(end)]));
  const { loaded: found, isDamaged } = await folder.fileOf(SLOT);
  expect(isDamaged).toBe(true);
  expect(folder.said).toEqual([expect.stringContaining("is damaged: missing records: 1. What is whole")]);
  // Its removal is what is missing, and only what was written after it is surely the latest.
  expect(versionsOf(found)).toEqual({ a: 2, c: 1, d: 3, e: 3 });
  expect([...found.values()].filter(({ isLatest }) => isLatest).map(({ id }) => id)).toEqual(["d", "e"]);
});

it("the file that the first version wrote is read, and written just so", async () => {
  const records = [
    encodedFrame("record", "series\na", { v: 1, n: Number.NaN, x: Float64Array.of(1, -0) }),
    encodedFrame("record", "series\nb", 2),
  ];
  const second = [encodedFrame("removal", "series\nb"), commitOf(1, undefined)];
  const bytes = Buffer.concat([headerOf(SLOT), ...records, commitOf(2, { "topic/3": 17 }), ...second]);
  const file = join(import.meta.dirname, "fixtures/slot-07.version-1");
  expect(bytes).toEqual(readFileSync(file));
  copyFileSync(file, path);
  const { loaded: found, isDamaged } = await folder.fileOf(SLOT);
  expect(isDamaged).toBe(false);
  expect(dataOf(found)).toStrictEqual({ "series a": { v: 1, n: Number.NaN, x: Float64Array.of(1, -0) } });
});

it("the file of another slot is not taken", async () => {
  await written();
  copyFileSync(path, join(folder.path, slotName(8)));
  const other = await folder.fileOf(8);
  expect(other.isDamaged).toBe(true);
  expect(other.loaded.size).toBe(0);
  expect(folder.said).toEqual([expect.stringMatching(/slot-08 is damaged: it is slot-07 of 256/)]);
});

it("a file that says that it is something else is not taken", async () => {
  const { whole } = await written();
  const other = encodedFrame("header", "", { format: "another", slot: SLOT, slots: 256 });
  writeFileSync(path, Buffer.concat([other, whole.subarray(whole.indexOf(MARKER, 1))]));
  const { loaded: found, isDamaged } = await folder.fileOf(SLOT);
  expect([isDamaged, found.size]).toEqual([true, 0]);
  expect(folder.said).toEqual([expect.stringContaining("is damaged: it is no state")]);
});

/** Where the header and the first, empty batch of a new file end. */
function firstCommitEnd(whole: Buffer): number {
  return whole.indexOf(MARKER, whole.indexOf(MARKER, 1) + 1);
}
