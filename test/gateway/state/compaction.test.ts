import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { slotName, slotOf } from "../../../src/gateway/state/slots.ts";
import { dataOf, record, stateFolder } from "./folder.ts";

const SLOT = 7;
/** A few of them make a file that is worth to be compacted. */
const LARGE = 3000;
const folder = stateFolder();

beforeEach(() => mkdirSync(folder.path));

const change = fc.record({ id: fc.constantFrom("a", "b", "c", "d", "e"), version: fc.option(fc.nat()) });

it("keeps exactly the records that count, and nothing else", async () => {
  let compacted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { minLength: 8, maxLength: 12 }),
      async (batches) => {
        rmSync(join(folder.path, slotName(SLOT)), { force: true });
        const { file } = await folder.fileOf(SLOT);
        const model = new Map<string, Float64Array>();
        for (const [turn, changes] of batches.entries()) {
          const batch = file.newBatch(turn + 1);
          for (const { id, version } of changes) {
            const data = version === null ? undefined : new Float64Array(LARGE).fill(version);
            batch.take(record("series", id, data));
            if (data === undefined) model.delete(`series ${id}`);
            else model.set(`series ${id}`, data);
          }
          await file.commit(batch, { turn });
          expect((await folder.fileOf(SLOT)).file.isWasteful).toBe(file.isWasteful);
          if (!file.isWasteful) continue;
          compacted += 1;
          const before = file.bytes;
          await file.rewrite();
          expect(file.bytes).toBe(statSync(join(folder.path, slotName(SLOT))).size);
          // Beside the numbers, a record and the file itself have few bytes.
          expect(file.bytes).toBeLessThan(model.size * (LARGE * 8 + 100) + 300);
          expect(file.bytes).toBeLessThanOrEqual(before / 2 + 300);
          expect(file.isWasteful).toBe(false);
          const next = await folder.fileOf(SLOT);
          expect(dataOf(next.loaded)).toEqual(Object.fromEntries(model));
          expect(next.file.offsets).toEqual({ turn });
        }
        expect(dataOf((await folder.fileOf(SLOT)).loaded)).toEqual(Object.fromEntries(model));
      },
    ),
    { numRuns: 40 },
  );
  expect(compacted).toBeGreaterThan(20);
});

it("happens in a flush, when less than half of a file counts", async () => {
  const { store } = await folder.opened();
  const large = (id: string, value: number) => record("series", id, new Float64Array(20_000).fill(value));
  const sizes: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const result = await store.flush([large("a", turn), record("series", "b", turn)]);
    sizes.push(Math.round(statSync(join(folder.path, slotName(slotOf("a")))).size / 160_000));
    // What is written again counts too.
    expect(Math.round((result?.bytes ?? 0) / 160_000)).toBe(turn === 2 || turn === 4 ? 2 : 1);
  }
  expect(sizes).toEqual([1, 2, 1, 2, 1]);
});

it("leaves the versions of records as they are known", async () => {
  const { store } = await folder.opened();
  const small = record("series", "b", 1, 1);
  for (let turn = 0; turn < 5; turn += 1) {
    const large = record("series", "a", new Float64Array(20_000).fill(turn), turn);
    expect(await store.flush([large, small])).toMatchObject({ written: turn === 0 ? 2 : 1 });
    expect(await store.flush([large, small])).toMatchObject({ written: 0 });
  }
});
