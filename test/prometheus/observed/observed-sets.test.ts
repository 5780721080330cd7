import { expect, it } from "vitest";
import { hashOf } from "../../../src/prometheus/observed/observed-set.ts";
import { ObservedSets } from "../../../src/prometheus/observed/observed-sets.ts";

const AT: [number, number] = [1, 0];

function twoSets(isMonotonic = false): ObservedSets {
  const sets = new ObservedSets({ limit: 10, isMonotonic });
  for (const id of ["a", "b"]) sets.take(hashOf({ id }), { attributes: { id }, value: 1 }, AT);
  return sets;
}

const setOf = (sets: ObservedSets, id: string) => sets.find(hashOf({ id })) ?? expect.unreachable();
const idsOf = (sets: readonly { attributes: object }[]) =>
  sets.map(({ attributes }) => Reflect.get(attributes, "id"));

it("all sets are the same list, also if they are what was not read yet", () => {
  const sets = twoSets();
  const all = sets.unreadAt(AT);
  expect(idsOf(all)).toEqual(["a", "b"]);
  expect(sets.pointsAt(AT)).toBe(all);
  expect(sets.unreadAt(AT)).toEqual([]);
  for (const id of ["b", "b", "a"]) sets.put(setOf(sets, id), 2, false);
  expect(sets.unreadAt(AT)).toBe(all);
});

it("what was not read yet is what was observed since, but for what was forgotten and for no totals", () => {
  const sets = twoSets(true);
  sets.unreadAt(AT);
  sets.put(setOf(sets, "b"), 3, false);
  expect(idsOf(sets.unreadAt(AT))).toEqual(["b"]);
  sets.put(setOf(sets, "a"), 3, false);
  for (const value of [4, -1]) sets.put(setOf(sets, "b"), value, false);
  expect(idsOf(sets.unreadAt(AT))).toEqual(["a"]);
  for (const id of ["a", "b"]) sets.put(setOf(sets, id), 4, true);
  sets.forget(({ id }) => id === "a");
  expect(idsOf(sets.share())).toEqual(["b"]);
  expect(idsOf(sets.unreadAt(AT))).toEqual(["b"]);
});

it("values are shared once, unless they were observed again for others too", () => {
  const sets = twoSets();
  expect(sets.share()).toEqual([]);
  for (const id of ["a", "b"]) sets.put(setOf(sets, id), 2, true);
  sets.put(setOf(sets, "a"), 2, false);
  expect(idsOf(sets.share())).toEqual(["b"]);
  expect(sets.share()).toEqual([]);
});
