import fc from "fast-check";
import { expect, it } from "vitest";
import { plainInput, tokenUsage } from "../../src/agents/token-usage.ts";

it.each([
  [[7, 8, 0], { input: 7, output: 8, cachedInput: 0 }],
  [[7, undefined, undefined], { input: 7, output: 0, cachedInput: 0 }],
  [[undefined, 8, 5], { input: 0, output: 8, cachedInput: 0 }],
  [[0, 0, 0], { input: 0, output: 0, cachedInput: 0 }],
  [[10, 1, 4, 5], { input: 10, output: 1, cachedInput: 4, cacheWrite: 5 }],
  // The parts are never more than the whole.
  [[10, 1, 12, 5], { input: 10, output: 1, cachedInput: 10 }],
  [[10, 1, 4, 9], { input: 10, output: 1, cachedInput: 4, cacheWrite: 6 }],
  [[10, 1, 4, 0], { input: 10, output: 1, cachedInput: 4 }],
  [["7", -1, 0], undefined],
  [[Number.NaN, Number.POSITIVE_INFINITY, 3], undefined],
  [[null, undefined, 3, 4], undefined],
  [[7, -1, "3", Number.NaN], { input: 7, output: 0, cachedInput: 0 }],
])("tokens of the counts %j are %j", (counts, usage) => {
  const [input, output, cached, written] = counts;
  expect(tokenUsage(input, output, cached, written)).toEqual(usage);
});

it("the input is what the cache held, what it took, and the rest", () => {
  const count = fc.nat();
  fc.assert(
    fc.property(count, count, count, (input, cached, written) => {
      const usage = tokenUsage(input, 0, cached, written) ?? expect.unreachable();
      expect(usage.cachedInput + (usage.cacheWrite ?? 0) + plainInput(usage)).toBe(input);
    }),
  );
});
