import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindsOf, messageOf, shortTextOf, textOf } from "../../src/core/text-of.ts";

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
    for (const [text, length] of [
      [textOf, 1000],
      [shortTextOf, 60],
    ] as const) {
      expect(text("x".repeat(length))).toBe("x".repeat(length));
      expect(text("x".repeat(length + 1))).toBe(`${"x".repeat(length)}…`);
    }
  });
});

describe("the fields of a record, for the log,", () => {
  it("are names and what their values are", () => {
    expect(kindsOf({ taskId: "secret", success: true, executionTime: Number.NaN })).toBe(
      "taskId: text of 6 characters, success: boolean, executionTime: NaN",
    );
  });

  it.each([
    ["x", "text of 1 character"],
    ["x".repeat(3), "text of 3 characters"],
    [["a", "b"], "object"],
    [new Uint8Array(5), "object"],
    [Symbol("x"), "symbol"],
    [null, "null"],
  ])("are what it is, if it is no record (%#)", (given, text) => {
    expect(kindsOf(given)).toBe(text);
  });

  it("are few and short", () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, place) => [`${place}-`.repeat(1000), 1]),
    );
    const text = kindsOf(many);
    expect(text.length).toBeLessThan(2000);
    expect(text.endsWith(" and 980 more")).toBe(true);
    expect(kindsOf({ ...Array(21).fill(1) })).toMatch(/19: a number and 1 more$/);
  });
});
