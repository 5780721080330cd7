import { describe, expect, it } from "vitest";
import { linearTrend } from "../../../src/forecast/methods/linear-trend.ts";

describe("linearTrend", () => {
  const gaps = [Number.NaN, Number.NaN, Number.NaN];

  it.each([
    { says: "was asked for", isAsked: true },
    { says: "was not", isAsked: false },
  ])("keeps its last line while its window holds gaps only, if it $says", ({ isAsked }) => {
    const line = linearTrend.fit({ values: [1, 9, 4], stepSeconds: 1 }, { window: 3 });
    for (const value of gaps) {
      if (isAsked) line.at(1);
      line.update(value);
    }
    // The last point that left was 4, two steps before the newest.
    expect([line.at(1), line.at(100)]).toEqual([4, 4]);
    for (const value of [2, 3, 4]) line.update(value);
    expect(line.at(2)).toBeCloseTo(6, 12);
  });
});
