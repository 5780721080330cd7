import fc from "fast-check";
import { expect, test } from "vitest";
import { FingerprintSet } from "../../src/agents/fingerprint-set.ts";
import { fingerprint } from "../../src/core/fingerprint.ts";

/** From the author's page of cyrb53 with seed 0: https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js */
test("a fingerprint is that of cyrb53", () => {
  expect(fingerprint("a")).toBe(7929297801672961);
  expect(fingerprint("b")).toBe(8684336938537663);
  expect(fingerprint("revenge")).toBe(4051478007546757);
  expect(fingerprint("revenue")).toBe(8309097637345594);
});

test("fingerprints are whole numbers from 1 up, and those of 100,000 ids like each other differ", () => {
  const all = new Set<number>();
  for (let id = 0; id < 100_000; id += 1) all.add(fingerprint(`task-${id}`));
  expect(all.size).toBe(100_000);
  expect([...all].every((it) => Number.isSafeInteger(it) && it > 0)).toBe(true);
});

test("a set of fingerprints holds what a set of numbers holds", () => {
  // Numbers that end alike share a slot, so that looking for one passes over others.
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
