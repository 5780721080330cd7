import { expect, test } from "vitest";
import { RememberedPlaces } from "../../src/core/remembered-places.ts";

/** What was found of each item in a round. What was not found is made and kept. */
function round(places: RememberedPlaces<object, number>, items: readonly object[], made: number) {
  places.begin();
  return items.map((item) => {
    const found = places.find(item);
    places.keep(item, found ?? made);
    return found;
  });
}

const items = Array.from({ length: 40 }, () => ({}));
const [a, b, c, d] = items as [object, object, object, object];

test("items are found in their order, also if some have gone or are new", () => {
  const places = new RememberedPlaces<object, number>();
  expect(round(places, [a, b, c], 1)).toEqual([undefined, undefined, undefined]);
  expect(round(places, [a, b, c], 2)).toEqual([1, 1, 1]);
  expect(round(places, [a, d, c], 3)).toEqual([1, undefined, 1]);
  expect(round(places, [c, d], 4)).toEqual([1, undefined]);
  expect(round(places, [], 5)).toEqual([]);
  expect(round(places, [c], 6)).toEqual([undefined]);
});

test("what comes after a large gap is not looked for", () => {
  const places = new RememberedPlaces<object, number>();
  round(places, items, 1);
  expect(round(places, items.slice(15), 2)[0]).toBe(1);
  expect(round(places, items.slice(32), 3)[0]).toBeUndefined();
});

test("what fits a thing that is given is found as well", () => {
  const places = new RememberedPlaces<{ name: string }, number>();
  places.begin();
  places.keep({ name: "x" }, 1);
  places.keep({ name: "y" }, 2);
  places.begin();
  expect(places.findBy(({ name }, given) => name === given, "y")).toBe(2);
});

test("items that belong to themselves are found too, and one that does not among them", () => {
  const places = new RememberedPlaces<object, object>();
  const roundOf = (...pairs: (readonly [object, object])[]) => {
    places.begin();
    const before = pairs.map(([item]) => places.find(item));
    for (const [item, found] of pairs) places.keep(item, found);
    return before;
  };
  expect(roundOf([a, a], [b, b])).toEqual([undefined, undefined]);
  expect(roundOf([a, a], [b, b])).toEqual([a, b]);
  expect(roundOf([a, a], [b, c])).toEqual([a, b]);
  expect(roundOf([a, a], [b, c], [d, d])).toEqual([a, c, undefined]);
  expect(roundOf([b, c], [d, d])).toEqual([c, d]);
  expect(roundOf([b, c])).toEqual([c]);
  expect(roundOf([d, d])).toEqual([undefined]);
});
