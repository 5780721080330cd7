import fc from "fast-check";
import { expect, test } from "vitest";
import { RecentIds } from "../../src/agents/recent-ids.ts";

test("remembers the newest ids, as many as it may, and forgets the oldest first", () => {
  const ids = new RecentIds(2);
  ids.add("a");
  ids.add("b");
  expect(["a", "b"].map((id) => ids.has(id))).toEqual([true, true]);
  ids.add("c");
  expect(["a", "b", "c"].map((id) => ids.has(id))).toEqual([false, true, true]);
  ids.add("d");
  expect(["a", "b", "c", "d"].map((id) => ids.has(id))).toEqual([false, false, true, true]);
});

test("an id that is added again stays as old as it is", () => {
  const ids = new RecentIds(2);
  for (const id of ["a", "b", "a", "c"]) ids.add(id);
  expect(["a", "b", "c"].map((id) => ids.has(id))).toEqual([false, true, true]);
});

test("knows what a list of the last distinct ids holds", () => {
  const id = fc.constantFrom(..."abcdefgh");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(id), (capacity, added) => {
      const ids = new RecentIds(capacity);
      const known: string[] = [];
      for (const each of added) {
        ids.add(each);
        if (known.includes(each)) continue;
        known.push(each);
        if (known.length > capacity) known.shift();
      }
      for (const each of "abcdefgh") expect(ids.has(each)).toBe(known.includes(each));
    }),
  );
});
