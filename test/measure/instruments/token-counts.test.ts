import { expect, it } from "vitest";
import { TokenCounts } from "../../../src/measure/instruments/token-counts.ts";

/** The points of each metric, by the labels and the value. */
function collected(counts: TokenCounts): Record<string, Record<string, number>> {
  return Object.fromEntries(
    counts
      .collect()
      .map(({ name, points }) => [
        name.replace("ns.", ""),
        Object.fromEntries(
          points.map(({ labels, value }) => [Object.values(labels).join(" "), value as number]),
        ),
      ]),
  );
}

it("counts the tokens and the cost of each agent and model since the last collection", () => {
  const counts = new TokenCounts("ns");
  counts.count("planner", "m", { input: 100, output: 10, cachedInput: 30, cacheWrite: 20 }, 0.5);
  counts.count("planner", "m", { input: 1, output: 0, cachedInput: 0 }, 0.25);
  counts.count("planner", "n", { input: 7, output: 2, cachedInput: 0 }, undefined);
  expect(collected(counts)).toEqual({
    tokens: { "planner input": 108, "planner output": 12 },
    cost: { planner: 0.75 },
    "model.tokens": {
      "planner m input": 51,
      "planner m output": 10,
      "planner m cached_input": 30,
      "planner m cache_write": 20,
      "planner n input": 7,
      "planner n output": 2,
    },
    "model.cost": { "planner m": 0.75 },
  });
  expect(collected(counts)).toEqual({});
  counts.count("planner", "m", { input: 0, output: 0, cachedInput: 0 }, undefined);
  expect(collected(counts)).toEqual({
    tokens: { "planner input": 0, "planner output": 0 },
    "model.tokens": { "planner m input": 0, "planner m output": 0 },
  });
});

it("gives equal names the same labels, whoever made the text, as long as they are used", () => {
  const counts = new TokenCounts("ns");
  const labels = (agent: string) => {
    counts.count(agent, "m", { input: 1, output: 1, cachedInput: 0 }, undefined);
    return counts.collect().flatMap(({ points }) => points.map((point) => point.labels));
  };
  const before = labels("planner");
  const after = labels(["plan", "ner"].join(""));
  expect(after).toHaveLength(4);
  for (const [index, one] of after.entries()) expect(one).toBe(before[index]);
  counts.collect();
  expect(labels("planner")[0]).not.toBe(before[0]);
});

it("leaves out what is no amount", () => {
  const counts = new TokenCounts("ns");
  for (const amount of [Number.NaN, -1, Number.POSITIVE_INFINITY, 3])
    counts.count("planner", "m", { input: amount, output: 1, cachedInput: 0 }, amount);
  const { tokens, cost } = collected(counts);
  expect(tokens).toEqual({ "planner input": 3, "planner output": 4 });
  expect(cost).toEqual({ planner: 3 });
});
