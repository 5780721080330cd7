import { describe, expect, it } from "vitest";
import { BestValues, type Completions } from "../../src/views/best-values.ts";
import type { ResolvedOutput } from "../../src/views/resolved-output.ts";
import type { ViewValue } from "../../src/views/view-value.ts";

function given(rank: number, value: number, spec: Partial<ResolvedOutput["spec"]> = {}): ViewValue {
  const output = { rank, metric: "m", spec: { name: "m", isPublished: false, ...spec } };
  return { output: output as ResolvedOutput, key: { metric: "m", labels: {} }, id: "m", value };
}

function best(values: readonly ViewValue[], completions: Completions = new Map()): ViewValue[] {
  const found = new BestValues(completions);
  for (const value of values) found.take(value);
  return found.list;
}

const BOUNDS = { lower: 0, upper: 100 };

describe("of two values of a series", () => {
  it("the one of the first view is taken, in whatever order they come", () => {
    const [first, second] = [given(0, 1), given(1, 2)];
    for (const both of [
      [first, second],
      [second, first],
    ]) {
      expect(best(both)).toEqual([first]);
      expect(best(both)[0]).toBe(first);
    }
  });

  it("the first is taken if both are of one view", () => {
    const [first, second] = [given(0, 1), given(0, 2)];
    expect(best([first, second])).toEqual([first]);
    expect(best([second, first])).toEqual([second]);
  });

  it("the other one gives the bounds that the first leaves open, and may publish the series", () => {
    const second = given(1, 2, { isPublished: true, bounds: BOUNDS });
    const [completed] = best([given(0, 1), second]);
    expect(completed).toMatchObject({
      value: 1,
      output: { rank: 0, spec: { isPublished: true, bounds: BOUNDS } },
    });
    const own = { lower: -1 };
    const [bounded] = best([given(0, 1, { bounds: own }), second]);
    expect(bounded?.output.spec).toMatchObject({ isPublished: true, bounds: own });
    const [open] = best([given(0, 1), given(1, 2, { isPublished: true })]);
    expect(open?.output.spec).not.toHaveProperty("bounds");
  });

  it("the output is the same object at each collection", () => {
    const both = [given(0, 1), given(1, 2, { bounds: BOUNDS })];
    const completions: Completions = new Map();
    const [[one], [other]] = [best(both, completions), best(both, completions)];
    expect(one?.output).not.toBe(both[0]?.output);
    expect(other?.output).toBe(one?.output);
  });
});
