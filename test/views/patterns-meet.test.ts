import fc from "fast-check";
import { expect, it } from "vitest";
import { compilePattern } from "../../src/views/pattern.ts";
import { patternsMeet } from "../../src/views/pattern.ts";

it.each([
  ["a", "a", true],
  ["a", "b", false],
  ["a*", "*b", true],
  ["a*c", "ab", false],
  ["*", "", true],
  ["?", "", false],
  ["a?c", "a*", true],
  ["queue_*", "*_percent", true],
  ["queue_depth", "queue_depth_*", false],
])("%s and %s: %s", (one, other, meets) => {
  expect(patternsMeet(one, other)).toBe(meets);
  expect(patternsMeet(other, one)).toBe(meets);
});

it("agrees with matching where one of them is a text", () => {
  const pattern = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 7 }).map((it) => it.join(""));
  const text = fc.array(fc.constantFrom("a", "b"), { maxLength: 7 }).map((it) => it.join(""));
  fc.assert(
    fc.property(pattern, text, (glob, plain) => {
      expect(patternsMeet(glob, plain)).toBe(compilePattern(glob)(plain));
    }),
  );
});

it("ends soon, however many stars there are", () => {
  expect(patternsMeet(`${"a*".repeat(60)}b`, `${"*a".repeat(60)}c`)).toBe(false);
});
