import fc from "fast-check";
import { expect, test } from "vitest";
import { FingerprintSet, RecentIds } from "../../src/agents/recent-ids.ts";

test("reports whether an id is new", () => {
  const ids = new RecentIds(10);
  expect(["a", "b", "a", "b", "c"].map((id) => ids.add(id))).toEqual([true, true, false, false, true]);
  expect(["a", "c", "d"].map((id) => ids.has(id))).toEqual([true, true, false]);
});

test("knows an id after one generation, but not after two", () => {
  const ids = new RecentIds(2);
  for (const id of ["a", "b", "c"]) ids.add(id);
  expect(ids.add("a")).toBe(false);
  ids.add("d");
  expect(["a", "b", "c", "d"].map((id) => ids.has(id))).toEqual([false, false, true, true]);
});

test("always knows the last new ids, and never more than twice as many", () => {
  const id = fc.integer({ min: 0, max: 40 }).map(String);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(id, { maxLength: 200 }), (memory, added) => {
      const ids = new RecentIds(memory);
      const taken: string[] = [];
      for (const each of added) {
        const isKnown = ids.has(each);
        expect(ids.add(each)).toBe(!isKnown);
        if (!isKnown) taken.push(each);
        for (const recent of taken.slice(-memory)) expect(ids.has(recent)).toBe(true);
      }
      const known = new Set(taken.filter((each) => ids.has(each)));
      expect(known.size).toBeLessThanOrEqual(2 * memory);
    }),
  );
});

test("a set of fingerprints behaves like a set of numbers", () => {
  // Numbers with the same end share a slot, so a search has to pass over others.
  const number = fc.integer({ min: 1, max: 60 }).map((it) => it * 1024);
  fc.assert(
    fc.property(fc.array(number, { maxLength: 100 }), (added) => {
      const fingerprints = new FingerprintSet();
      const numbers = new Set<number>();
      for (const each of added) {
        expect(fingerprints.add(each)).toBe(!numbers.has(each));
        numbers.add(each);
        expect(fingerprints.size).toBe(numbers.size);
      }
      for (let it = 1; it <= 60; it += 1) expect(fingerprints.has(it * 1024)).toBe(numbers.has(it * 1024));
      fingerprints.clear();
      expect([fingerprints.size, ...added.map((it) => fingerprints.has(it))]).not.toContain(true);
    }),
  );
});
