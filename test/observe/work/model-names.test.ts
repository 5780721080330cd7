import { expect, it } from "vitest";
import { anthropicUsage } from "../../../src/observe/work/anthropic-usage.ts";
import { isSameModel } from "../../../src/observe/work/same-model.ts";

it.each<[string | undefined, string | undefined, boolean]>([
  ["gpt-4o", "gpt-4o", true],
  ["gpt-4o", "gpt-4o-2024-08-06", true],
  ["gpt-4o", "gpt-4o-mini", false],
  ["gpt-4o", "gpt-4o-mini-2024-07-18", false],
  ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", true],
  ["gpt-4", "gpt-4.1", false],
  ["gpt-4", "gpt-4-32k", false],
  ["llama", "llama-70b", false],
  ["gpt-4", "gpt-4-0613", true],
  ["claude", "claude-maximal", true],
  ["claude", "claude-Max", false],
  ["gpt-4o", "gpt-5", false],
  ["abc", "abd", false],
  [undefined, "gpt-4o", true],
  ["gpt-4o", undefined, true],
])("%s and %s are one model: %s", (one, other, isOne) => {
  expect(isSameModel(one, other)).toBe(isOne);
  expect(isSameModel(other, one)).toBe(isOne);
});

it.each([
  [
    { input: 3, output: 2, cacheRead: 4, cacheWrite: 5 },
    { input: 12, output: 2, cachedInput: 4, cacheWrite: 5 },
  ],
  [
    { input: 3, output: undefined, cacheRead: null, cacheWrite: "5" },
    { input: 3, output: 0, cachedInput: 0 },
  ],
  [
    { input: undefined, output: 2, cacheRead: 4, cacheWrite: -1 },
    { input: 4, output: 2, cachedInput: 4 },
  ],
  [{ input: undefined, output: undefined, cacheRead: 4, cacheWrite: 5 }, undefined],
])("the counts %j of Anthropic are %j", (counts, usage) => {
  expect(anthropicUsage(counts)).toEqual(usage);
});
