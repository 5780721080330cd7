import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { mapping, mappingOf } from "../../src/core/mapping.ts";

const numbers = mapping(v.pipe(v.string(), v.maxLength(20)), v.number());

describe("a mapping with keys of any names", () => {
  it.each(["constructor", "prototype", "__proto__", "toString", "hasOwnProperty", "a"])(
    "has its key %s",
    (key) => {
      const read = v.parse(numbers, JSON.parse(`{"${key}": 1}`));
      expect(Object.entries(read)).toEqual([[key, 1]]);
    },
  );

  it("checks each key and each value, and says where", () => {
    const { issues = [] } = v.safeParse(numbers, { constructor: "1", ["k".repeat(21)]: 2 });
    expect(issues.map(({ path }) => path?.map(({ key }) => key))).toEqual([
      ["constructor"],
      ["k".repeat(21)],
    ]);
  });

  it("may have no prototype", () => {
    expect(v.parse(numbers, Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  });
});

it.each([[[]], [[1]], [null], ["a"], [5]])("%j is no mapping", (given) => {
  for (const schema of [numbers, mappingOf({ a: v.optional(v.number()) })]) {
    const [issue] = v.safeParse(schema, given).issues ?? [];
    expect(issue?.expected).toBe("Object");
  }
});
