import { describe, expect, it } from "vitest";
import { type FoundSeries, matchesOf } from "../../src/backfill/matching.ts";
import type { Labels } from "../../src/core/series-key.ts";

const found = (labels: Labels, newestAt = 0): FoundSeries => ({ labels, newestAt });
const ours = (...all: readonly Labels[]): Map<number, Labels> => new Map(all.entries());

describe("the series of ours", () => {
  const series = [
    found({ __name__: "x", pod: "a", job: "j" }),
    found({ __name__: "x", pod: "b", job: "j" }),
    found({ __name__: "x", pod: "c", job: "j", instance: "1" }),
    found({ __name__: "x", pod: "c", job: "j", instance: "2" }),
  ];

  it("may have further labels in the API", () => {
    const matches = matchesOf(ours({ pod: "a" }, { job: "j", pod: "b" }), series, { isExact: false });
    expect([...matches]).toEqual([
      [0, { found: series[0] }],
      [1, { found: series[1] }],
    ]);
  });

  it("are ambiguous if there are several, unless one is chosen", () => {
    const wanted = ours({ pod: "c" }, { pod: "none" });
    expect([...matchesOf(wanted, series, { isExact: false }).values()]).toEqual(["ambiguous", "no_past"]);
    const choose = (all: readonly FoundSeries[]) => all.find(({ labels }) => labels.instance === "2");
    expect(matchesOf(wanted, series, { isExact: false, choose }).get(0)).toEqual({ found: series[3] });
  });

  it("have no further labels if they must be the same, but for the name", () => {
    const wanted = ours({ pod: "a" }, { pod: "a", job: "j" });
    expect([...matchesOf(wanted, series, { isExact: true }).values()]).toEqual([
      "no_past",
      { found: series[0] },
    ]);
  });

  it("with more labels take a series before those with fewer", () => {
    const total = found({ job: "j" });
    const ofPod = found({ pod: "a", job: "j" });
    const wanted = ours({}, { pod: "a" });
    expect([...matchesOf(wanted, [ofPod, total], { isExact: false }).values()]).toEqual([
      { found: total },
      { found: ofPod },
    ]);
  });

  it("are told apart whatever their labels are called", () => {
    const odd = found({ constructor: "a", __proto__x: "b", toString: "c" } as unknown as Labels);
    const wanted = ours({ constructor: "a" } as unknown as Labels, { valueOf: "x" } as unknown as Labels);
    expect([...matchesOf(wanted, [odd], { isExact: false }).values()]).toEqual([{ found: odd }, "no_past"]);
  });
});
