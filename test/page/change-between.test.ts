import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeBetween } from "../../src/page/change-between.ts";
import { changed, type Json } from "../../src/page/view/change.ts";

const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));
const anyJson = fc.jsonValue({ maxDepth: 4 }).map(json);

/** A value and another one that is like it in most places. */
const similar = fc.tuple(anyJson, anyJson, fc.nat(5)).map(([base, other, by]): [Json, Json] => {
  const list = Array.from({ length: 12 }, (_, index) => index);
  const one = { base, list, items: list.map((id) => ({ id, base })) };
  const next = { base: other, list: [...list.slice(by), 99], items: list.map((id) => ({ id, base: other })) };
  return [json(one), json(next)];
});

describe("a change", () => {
  it("makes the next value of any value", () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(anyJson, anyJson), similar), ([one, next]) => {
        const change = changeBetween(one, next);
        if (change === undefined) expect(one).toEqual(next);
        else expect(changed(one, json(change) as never)).toEqual(next);
      }),
    );
  });

  it("leaves the value before as it was", () => {
    const one = json({ a: [1, 2, { b: 1 }] });
    changed(one, changeBetween(one, json({ a: [1, 2, { b: 2 }] })) ?? []);
    expect(one).toEqual({ a: [1, 2, { b: 1 }] });
  });

  it("is of keys, and of lists that move on or keep their places", () => {
    expect(changeBetween(json({ a: 1, b: 2, c: 3 }), json({ a: 1, b: 4, d: 5 }))).toEqual({
      b: [4],
      c: [],
      d: [5],
    });
    expect(changeBetween([1, 2, 3, 4], [3, 4, 5])).toEqual([2, [5], []]);
    expect(changeBetween(json([{ a: 1 }, { a: 2 }]), json([{ a: 1 }, { a: 3 }, { a: 4 }]))).toEqual([
      0,
      [{ a: 4 }],
      [[1, { a: [3] }]],
    ]);
    expect(changeBetween([1, 2, 3], [1])).toEqual([[1]]);
    expect(changeBetween([], [1])).toEqual([0, [1], []]);
    expect(changeBetween(json({ a: [1] }), json({ a: [1] }))).toBeUndefined();
  });

  it("keeps a key that is named like the prototype of objects", () => {
    const [one, next] = ['{"__proto__":{"a":1}}', '{"__proto__":{"a":2},"b":3}'].map((text) =>
      JSON.parse(text),
    );
    const change = JSON.parse(JSON.stringify(changeBetween(one, next)));
    expect(JSON.stringify(changed(one, change))).toBe(JSON.stringify(next));
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});
