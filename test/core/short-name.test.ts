import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_NAME_LENGTH, shortName, shortText } from "../../src/core/short-name.ts";

describe("a short name", () => {
  it("is the name, or how it begins", () => {
    expect(shortName("planner")).toBe("planner");
    expect(shortName("x".repeat(1000))).toBe("x".repeat(MAX_NAME_LENGTH));
  });
});

describe("a short text", () => {
  it("is the text where that is short", () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => shortText(text, 40) === text));
  });

  it("is as long as it may be, and differs where the texts differ", () => {
    const long = fc.string({ minLength: 60, maxLength: 3000 });
    fc.assert(
      fc.property(long, long, (one, other) => {
        expect(shortText(one, 40)).toHaveLength(40);
        expect(shortText(one, 40) === shortText(other, 40)).toBe(one === other);
      }),
    );
  });

  it("tells texts apart that differ in their length or their end alone", () => {
    const texts = ["a".repeat(5000), "a".repeat(5001), `${"a".repeat(4999)}b`];
    expect(new Set(texts.map((text) => shortText(text, 40))).size).toBe(3);
  });
});
