import { chmodSync, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlotStore } from "../../../src/gateway/state/slot-store.ts";
import { slotName, slotOf } from "../../../src/gateway/state/slots.ts";
import type { SlotOffsets, StateRecord } from "../../../src/gateway/state/state-record.ts";
import { clock, dataOf, record, stateFolder } from "./folder.ts";

const folder = stateFolder();
/** What a process finds that starts after the other has ended. */
async function found(): Promise<Record<string, unknown>> {
  const { store, loaded } = await folder.opened();
  await store.close();
  return dataOf(loaded);
}

const files = () => readdirSync(folder.path).toSorted();

describe("a state", () => {
  it("is what was flushed last, without what was removed", async () => {
    const { store } = await folder.opened();
    await store.flush([record("series", "a", 1), record("window", "a", 2), record("series", "b", 3)]);
    await store.flush([record("series", "a", 4), record("series", "b", undefined)]);
    await store.close();
    expect(await found()).toEqual({ "series a": 4, "window a": 2 });
    expect(folder.said).toEqual([]);
  });

  it("has a file for each slot, which its user alone can read", async () => {
    const { store } = await folder.opened();
    await store.flush([record("series", "a", 1), record("series", "1", 1)]);
    expect(files()).toEqual([slotName(slotOf("a")), "slot-b6", "state.lock"].toSorted());
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    for (const name of files()) expect(statSync(join(folder.path, name)).mode & 0o777, name).toBe(0o600);
    await store.close();
    expect(existsSync(join(folder.path, "state.lock"))).toBe(false);
  });

  it("is the last of the records when it ends", async () => {
    const { store } = await folder.opened();
    await store.close([record("series", "a", 1)]);
    expect(await found()).toEqual({ "series a": 1 });
    expect(await store.flush([record("series", "a", 2)])).toBeUndefined();
    await store.open(() => true);
    expect(store.isOpen).toBe(false);
  });

  it("knows its bytes", async () => {
    const { store } = await folder.opened();
    expect(store.bytes).toBe(0);
    await store.flush([record("series", "a", new Float64Array(100)), record("series", "b", 1)]);
    const sizes = files().filter((name) => name.startsWith("slot-"));
    expect(store.bytes).toBe(sizes.reduce((sum, name) => sum + statSync(join(folder.path, name)).size, 0));
    const { bytes } = store;
    await store.close();
    expect((await folder.opened()).store.bytes).toBe(bytes);
  });

  it("can be of no slot that does not exist", () => {
    for (const slot of [-1, 256, 1.5, Number.NaN])
      expect(() => new SlotStore({ directory: folder.path, clock, slots: [slot] })).toThrow(
        new RangeError(`the slot ${slot} does not exist, expected a whole number from 0 to 255`),
      );
  });

  it("knows a thing again whose id has half a surrogate pair", async () => {
    const { store } = await folder.opened();
    await store.close([record("series", "a\ud800", 1)]);
    const next = await folder.opened();
    expect(dataOf(next.loaded)).toEqual({ "series a\ufffd": 1 });
    await next.store.close([record("series", "a\ud800", undefined)]);
    expect(await found()).toEqual({});
  });

  it("makes files its own that others could read", async () => {
    const { store } = await folder.opened();
    await store.close([record("series", "a", 1)]);
    const file = join(folder.path, slotName(slotOf("a")));
    chmodSync(file, 0o644);
    await (await folder.opened()).store.close([record("series", "a", 2)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("may be of some slots", async () => {
    const { store } = await folder.opened();
    await store.flush([record("series", "a", 1), record("series", "b", 2)]);
    await store.close();
    const some = await folder.opened({ slots: [slotOf("b")] });
    expect(dataOf(some.loaded)).toEqual({ "series b": 2 });
    const result = await some.store.flush([record("series", "a", 3), record("series", "b", 4)]);
    expect(result).toMatchObject({ written: 1, refused: 1 });
    await some.store.close();
    expect(await found()).toEqual({ "series a": 1, "series b": 4 });
  });
});

describe("a flush", () => {
  it("leaves out records whose version was saved already, also after others", async () => {
    const { store } = await folder.opened();
    const read: number[] = [];
    const versioned = (version: number): StateRecord => ({
      kind: "series",
      id: "a",
      version,
      data: () => {
        read.push(version);
        return version;
      },
    });
    expect(await store.flush([versioned(1)])).toMatchObject({ written: 1 });
    expect(await store.flush([versioned(1)])).toMatchObject({ written: 0, bytes: 0 });
    expect(await store.flush([versioned(2)])).toMatchObject({ written: 1 });
    expect(await store.flush([versioned(1)])).toMatchObject({ written: 1 });
    expect(read).toEqual([1, 2, 1]);
    await store.close();
    const next = await folder.opened();
    // Versions are of one process.
    expect(await next.store.flush([versioned(1)])).toMatchObject({ written: 1 });
  });

  it("of everything removes what is not among it", async () => {
    const { store } = await folder.opened();
    await store.flush([record("series", "a", 1, 1), record("series", "b", 2, 1), record("window", "b", 3)]);
    expect(
      await store.flush([record("series", "a", 1, 1), record("window", "b", 4)], { isWhole: true }),
    ).toMatchObject({ written: 2 });
    await store.close();
    expect(await found()).toEqual({ "series a": 1, "window b": 4 });
  });

  it("of everything also removes what a process before has left", async () => {
    const { store } = await folder.opened();
    await store.close([record("series", "a", 1), record("series", "b", 2)]);
    const next = await folder.opened();
    await next.store.close([record("series", "b", 3)], { isWhole: true });
    expect(await found()).toEqual({ "series b": 3 });
  });

  it("commits offsets together with the records of their slot", async () => {
    const { store } = await folder.opened();
    const slot = slotOf("a");
    const other = slotOf("b");
    await store.flush([record("series", "a", 1)], { offsets: new Map([[slot, { "topic/3": 17 }]]) });
    expect(store.offsetsOf(slot)).toEqual({ "topic/3": 17 });
    await store.flush([record("series", "a", 2)]);
    await store.flush([], { offsets: new Map([[other, { "topic/4": 5 }]]) });
    await store.close();
    const next = await folder.opened();
    expect(next.store.offsetsOf(slot)).toEqual({ "topic/3": 17 });
    expect(next.store.offsetsOf(other)).toEqual({ "topic/4": 5 });
    expect(next.store.offsetsOf(0)).toBeUndefined();
    expect(dataOf(next.loaded)).toEqual({ "series a": 2 });
  });

  it("counts records that can't be written, and logs the first of a kind", async () => {
    const { store } = await folder.opened();
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const fails = {
      ...record("series", "c", 1),
      data: () => {
        throw new Error("it is gone");
      },
    };
    const records = [record("series", "a", 1), record("window", "b", cyclic), fails, record("a\nb", "d", 1)];
    expect(await store.flush(records)).toMatchObject({ written: 1, unsaved: 3, failed: new Set() });
    expect(await store.flush(records)).toMatchObject({ written: 1, unsaved: 3 });
    expect(folder.said).toEqual([
      expect.stringContaining("a window can't be saved: Converting circular structure"),
      expect.stringContaining("a series can't be saved: it is gone. Later ones are only counted."),
      expect.stringContaining("can't be saved: its kind has a line break"),
    ]);
  });

  it("keeps what was saved of a record that can't be read now", async () => {
    const { store } = await folder.opened();
    await store.flush([record("series", "a", 1)], { isWhole: true });
    const fails = {
      ...record("series", "a", 1),
      data: () => {
        throw new Error("it is gone");
      },
    };
    await store.flush([fails], { isWhole: true });
    await store.close();
    expect(await found()).toEqual({ "series a": 1 });
  });

  it("ends without a throw when the records throw, and nothing of it counts", async () => {
    const { store } = await folder.opened();
    await store.flush([record("series", "a", 1)]);
    function* broken(): Iterable<StateRecord> {
      yield record("series", "a", 2);
      throw new Error("no more series");
    }
    expect(await store.flush(broken())).toBeUndefined();
    store.flushIfDue(() => {
      throw new Error("no series");
    });
    await store.close();
    expect(await found()).toEqual({ "series a": 1 });
    expect(folder.said).toEqual([expect.stringContaining("can't be written: no more series")]);
  });

  it("is one at a time", async () => {
    const { store } = await folder.opened();
    const first = store.flush([record("series", "a", 1)]);
    expect(await store.flush([record("series", "a", 2)])).toBeUndefined();
    expect(await first).toMatchObject({ written: 1 });
  });

  /** The times at which a flush began, of these. */
  async function flushedAt(
    times: readonly number[],
    flushMillis?: number,
    data?: unknown,
  ): Promise<number[]> {
    let millis = 0;
    const { store } = await folder.opened({
      clock: { elapsedMillis: () => millis, pause: clock.pause },
      ...(flushMillis === undefined ? {} : { flushMillis }),
    });
    const begun: number[] = [];
    for (millis of times) {
      store.flushIfDue(() => {
        begun.push(millis);
        return [record("series", "a", data)];
      });
      await store.idle;
    }
    await store.close();
    return begun;
  }

  it("is due once a minute, or as often as is said", async () => {
    const times = [0, 30_000, 59_999, 60_000, 60_001, 119_999, 120_000, 300_000];
    expect(await flushedAt(times)).toEqual([0, 60_000, 120_000, 300_000]);
    expect(await flushedAt([0, 99, 100, 199, 200], 100)).toEqual([0, 100, 200]);
  });

  it("of much is due less often: it writes at most 4 MiB in a second", async () => {
    const data = new Float64Array(1024 * 1024);
    expect(await flushedAt([0, 1000, 1999, 2001], 100, data)).toEqual([0, 2001]);
  });
});

const kind = fc.constantFrom("series", "window");
const id = fc.oneof(
  fc.constantFrom("a", "b", "c\nd", "", "é\u0000\u0001日本\ufffd"),
  fc.string({ maxLength: 3 }),
);
const data = fc.oneof(
  fc.jsonValue(),
  fc.float64Array({ maxLength: 2000 }).map((array) => Float64Array.from(array)),
  fc.constantFrom(undefined, { number: "5", float64: [1], values: Float64Array.of(Number.NaN, -0) }),
);
const change = fc.record({ kind, id, data });
const step = fc.record({
  changes: fc.array(change, { maxLength: 8 }),
  isWhole: fc.boolean(),
  restarts: fc.boolean(),
  offset: fc.option(fc.nat()),
});

it("holds what a map would hold, over flushes and restarts", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const model = new Map<string, unknown>();
      const offsets = new Map<number, SlotOffsets>();
      let { store } = await folder.opened();
      await store.flush([], { isWhole: true });
      for (const { changes, isWhole, restarts, offset } of steps) {
        if (isWhole) model.clear();
        for (const { kind, id, data } of changes) {
          if (data === undefined) model.delete(`${kind} ${id}`);
          else model.set(`${kind} ${id}`, data);
        }
        if (offset !== null) offsets.set(offset % 256, { at: offset });
        await store.flush(
          changes.map((one) => record(one.kind, one.id, one.data)),
          { isWhole, offsets },
        );
        if (!restarts) continue;
        await store.close();
        const next = await folder.opened();
        store = next.store;
        expect(dataOf(next.loaded)).toStrictEqual(Object.fromEntries(model));
        for (const [slot, given] of offsets) expect(store.offsetsOf(slot)).toEqual(given);
      }
      await store.close();
      expect(await found()).toStrictEqual(Object.fromEntries(model));
    }),
    { numRuns: 20 },
  );
  expect(folder.said).toEqual([]);
});

it("does not hold the event loop while much is written", async () => {
  let [elapsed, pauses] = [0, 0];
  // Each look at the clock takes a millisecond.
  const pacing = {
    elapsedMillis: () => elapsed++,
    pause: async () => {
      pauses += 1;
    },
  };
  const { store } = await folder.opened({ clock: pacing });
  const before = pauses;
  await store.flush(Array.from({ length: 2000 }, (_, index) => record("series", `${index}`, index)));
  expect(pauses - before).toBeGreaterThan(500);
  await store.close();
  pauses = 0;
  const next = await folder.opened({ clock: pacing });
  expect(next.loaded.size).toBe(2000);
  expect(pauses).toBeGreaterThan(500);
});

it("writes what is more than it holds in memory piece by piece, and as a whole", async () => {
  const { store } = await folder.opened({ slots: [slotOf("a")] });
  const large = new Float64Array(1_000_000).fill(1);
  const file = join(folder.path, slotName(slotOf("a")));
  const sizes: number[] = [];
  function* records(): Iterable<StateRecord> {
    for (let index = 0; index < 6; index += 1) {
      sizes.push(statSync(file, { throwIfNoEntry: false })?.size ?? 0);
      yield record(`series ${index}`, "a", large);
    }
  }
  await store.flush(records());
  // So many bytes wait in memory, and one record more.
  expect(sizes.map((size) => Math.floor(size / 1e6))).toEqual([0, 0, 0, 24, 24, 24]);
  await store.close();
  const next = await folder.opened({ slots: [slotOf("a")] });
  expect(next.loaded.size).toBe(6);
});
