import { describe, expect, it } from "vitest";
import { DriftWatch } from "../../../src/forecast/regimes/drift-watch.ts";

const watch = (sign: 1 | -1, deviations: readonly number[]): DriftWatch => {
  const made = new DriftWatch(sign);
  for (const [time, deviation] of deviations.entries()) made.take(time, 10 * deviation, deviation);
  return made;
};

describe("DriftWatch", () => {
  it("notices deviations to one side that add up to 12 beyond half a deviation each", () => {
    // 1.5 - 0.5 = 1 a point: the sum is above 12 at the 13th.
    expect(watch(1, new Array(12).fill(1.5)).drifted).toBeUndefined();
    expect(watch(1, new Array(13).fill(1.5)).drifted?.count).toBe(13);
  });

  it("watches its own side alone", () => {
    expect(watch(1, new Array(50).fill(-1.5)).drifted).toBeUndefined();
    expect(watch(-1, new Array(50).fill(-1.5)).drifted).toBeDefined();
  });

  it("begins again where the sum was 0", () => {
    const drifted = watch(1, [...new Array(20).fill(-1), ...new Array(15).fill(1.5)]).drifted;
    expect(drifted?.start).toBe(20);
    expect(drifted?.count).toBe(15);
  });

  it("does not take one far point for a drift, nor deviations within the allowance", () => {
    expect(watch(1, [1000]).drifted).toBeUndefined();
    expect(watch(1, new Array(500).fill(0.5)).drifted).toBeUndefined();
  });
});
