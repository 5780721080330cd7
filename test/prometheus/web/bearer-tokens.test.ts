import { describe, expect, it } from "vitest";
import { BearerTokens } from "../../../src/prometheus/web/bearer-tokens.ts";

describe("bearer tokens", () => {
  it.each([
    ["Bearer one", true],
    ["bearer  two ", true],
    ["Bearer three", false],
    ["Bearer onetwo", false],
    ["Bearer ", false],
    ["Basic one", false],
    ["one", false],
    [undefined, false],
  ])("%s: %s", (header, expected) => {
    expect(new BearerTokens(["one", "two"]).isIn(header)).toBe(expected);
  });

  it("may be none", () => {
    expect([new BearerTokens([]).isEmpty, new BearerTokens(["one"]).isEmpty]).toEqual([true, false]);
    expect(new BearerTokens([]).isIn("Bearer one")).toBe(false);
  });
});
