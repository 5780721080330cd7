import fc from "fast-check";
import { expect, it } from "vitest";
import { isSlipOf, nearestNames } from "../../src/core/nearest-names.ts";

it("the nearest names are at most three, those with the fewest edits first, each once", () => {
  // https://en.wikipedia.org/wiki/Levenshtein_distance: kitten, sitten, sittin, sitting
  const names = ["sitting", "sittin", "kitten", "dog", "sitten", "sitten"];
  expect(nearestNames("kitten", names)).toEqual(["kitten", "sitten", "sittin"]);
  expect(nearestNames("kitten", ["sitting"], 3)).toEqual(["sitting"]);
  expect(nearestNames("kitten", ["sitting"], 2)).toEqual([]);
  expect(nearestNames("flaw", ["lawn"], 2)).toEqual(["lawn"]);
});

it("the distance is that of a metric: as far there as back, 0 only to itself, and no detour is shorter", () => {
  const isWithin = (edits: number, one: string, other: string) =>
    nearestNames(one, [other], edits).length === 1;
  const distance = (one: string, other: string): number => {
    let edits = 0;
    while (!isWithin(edits, one, other)) edits += 1;
    return edits;
  };
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(word, word, word, (one, other, third) => {
      expect(distance(one, other)).toBe(distance(other, one));
      expect(distance(one, other) === 0).toBe(one === other);
      expect(distance(one, third)).toBeLessThanOrEqual(distance(one, other) + distance(other, third));
    }),
  );
});

it("a slip is one letter in eight", () => {
  expect(isSlipOf("ai_cloud", ["ai_clout"])).toBe(true);
  expect(isSlipOf("ai_cloud", ["ai_clou", "other"])).toBe(true);
  expect(isSlipOf("ai_cloud", ["ai_cluot"])).toBe(false);
  expect(isSlipOf("ai_clou", ["ai_clot"])).toBe(false);
  expect(isSlipOf("ai_cloud_ai_cloud", ["ai_clout_ai_clout"])).toBe(true);
});
