import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageOf, textOf } from "../../src/core/text-of.ts";

const silent = Object.create(null);
const refusing = {
  toString: () => {
    throw new Error("no");
  },
};
const errorThatHides = Object.defineProperty(new Error("x"), "message", {
  get: () => {
    throw new Error("no");
  },
});

describe("the text of a thrown value", () => {
  it.each([
    [new RangeError("too far"), "too far"],
    ["plain text", "plain text"],
    [undefined, "undefined"],
    [null, "null"],
    [10n, "10"],
    [Symbol("x"), "Symbol(x)"],
    [silent, "object without a text"],
    [refusing, "object without a text"],
    [errorThatHides, "object without a text"],
    [Object.assign(new Error(), { message: refusing }), "object without a text"],
  ])("is the message, the value as text, or its type (%#)", (thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });

  it("is short for any value", () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }),
        (thrown) => {
          expect(textOf(thrown, 60).length).toBeLessThanOrEqual(61);
          expect(messageOf(thrown)).toBeTypeOf("string");
        },
      ),
    );
    expect(textOf("x".repeat(100), 5)).toBe("xxxxx…");
  });
});
