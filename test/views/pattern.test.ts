import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileAny, compileFilter, compilePattern, covers, patternsMeet } from "../../src/views/pattern.ts";

describe("a pattern", () => {
  it.each([
    ["orders", "orders", true],
    ["orders", "orders2", false],
    ["orders", "my orders", false],
    ["orders", "Orders", false],
    ["*", "", true],
    ["*", "any\nthing", true],
    ["order?", "orders", true],
    ["order?", "order", false],
    ["?*", "", false],
    ["?*", "x", true],
    ["", "", true],
    ["", "x", false],
    ["http.*.duration", "http.server.duration", true],
    ["http.*.duration", "httpXserver.duration", false],
    ["a*b*c", "a--b--c", true],
    ["a*b*c", "acb", false],
    ["5??", "503", true],
    ["5??", "5030", false],
    ["!5??", "503", false],
    ["!5??", "200", true],
    ["!", "", false],
    ["!", "x", true],
    ["!!x", "x", true],
    ["a+(b)[c]{1}^$|\\d", "a+(b)[c]{1}^$|\\d", true],
    [".*", "x", false],
    ["*\n?", "a\nb", true],
  ])("%s of %j is %s", (pattern, text, matches) => {
    expect(compilePattern(pattern)(text)).toBe(matches);
  });

  it("without wildcards matches only itself, whatever its characters", () => {
    const plain = fc.string().filter((text) => !/[*?]/.test(text) && !text.startsWith("!"));
    fc.assert(
      fc.property(plain, plain, (pattern, text) => {
        expect(compilePattern(pattern)(pattern)).toBe(true);
        expect(compilePattern(`!${pattern}`)(text)).toBe(text !== pattern);
      }),
    );
  });

  it("of a list matches if any of them does; an empty list matches nothing", () => {
    expect(compileAny(["a", "b*"])("bc")).toBe(true);
    expect(compileAny(["a", "b*"])("c")).toBe(false);
    expect(compileAny([])("")).toBe(false);
  });

  it("is matched in bounded time, even with many wildcards", () => {
    // A regular expression with this many wildcards would take very long.
    const text = `${"a".repeat(2000)}b`;
    expect(compilePattern(`${"*a".repeat(50)}c`)(text)).toBe(false);
    expect(compilePattern(`${"*a".repeat(50)}*b`)(text)).toBe(true);
  });

  it("matches the same texts as the equivalent regular expression", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
    fc.assert(
      fc.property(pattern, letters, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(compilePattern(pattern)(text)).toBe(expression.test(text));
      }),
    );
  });
});

describe("a filter", () => {
  it("tests attributes by value, by absence and by presence", () => {
    const filter = compileFilter({ method: "P*", error: "", route: "?*" });
    expect(filter({ method: "POST", route: "/a" })).toBe(true);
    expect(filter({ method: "GET", route: "/a" })).toBe(false);
    expect(filter({ method: "PUT" })).toBe(false);
    expect(filter({ method: "PUT", route: "/a", error: "500" })).toBe(false);
    expect(compileFilter(undefined)({})).toBe(true);
    expect(compileFilter({})({ any: "thing" })).toBe(true);
  });

  it.each(["__proto__", "constructor", "toString"])("does not find %s unless it is an attribute", (key) => {
    const asksForAbsence = compileFilter(Object.fromEntries([[key, ""]]));
    const asksForPresence = compileFilter(Object.fromEntries([[key, "?*"]]));
    expect(asksForAbsence({})).toBe(true);
    expect(asksForPresence({})).toBe(false);
    expect(asksForPresence(Object.fromEntries([[key, "x"]]))).toBe(true);
  });
});

describe("two patterns", () => {
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

  it("match the same text if one of them is a text that matches the other", () => {
    const pattern = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 7 }).map((it) => it.join(""));
    const text = fc.array(fc.constantFrom("a", "b"), { maxLength: 7 }).map((it) => it.join(""));
    fc.assert(
      fc.property(pattern, text, (glob, plain) => {
        expect(patternsMeet(glob, plain)).toBe(compilePattern(glob)(plain));
      }),
    );
  });

  it("are compared in bounded time, even with many stars", () => {
    expect(patternsMeet(`${"a*".repeat(60)}b`, `${"*a".repeat(60)}c`)).toBe(false);
  });
});

it.each([
  ["*", "gpt-4", true],
  ["*", "?*", true],
  ["gpt-*", "gpt-4*", true],
  ["gpt-*", "gpt-*", true],
  ["gpt-4", "gpt-4", true],
  ["gpt-?", "gpt-4", true],
  ["a*b*", "a*b", true],
  ["*ab*", "*a*b", false],
  ["gpt-?", "gpt-*", false],
  ["gpt-???", "gpt-*", false],
  ["?*", "*", false],
  ["gpt-4", "gpt-?", false],
  ["!a", "b", false],
  ["!a", "!a", true],
])("whether %s matches all that %s does is known: %s", (pattern, other, expected) => {
  expect(covers(pattern, other)).toBe(expected);
});
