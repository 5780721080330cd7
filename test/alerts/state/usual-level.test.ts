import { describe, expect, it } from "vitest";
import { UsualLevel } from "../../../src/alerts/state/usual-level.ts";

describe("UsualLevel", () => {
  it("weighs a sample that is one span old by 1/e", () => {
    const level = new UsualLevel(1000);
    level.observe({ at: 0, value: 0 });
    level.observe({ at: 1000, value: 1 });
    expect(level.value).toBeCloseTo(1 - 1 / Math.E, 12);
  });

  it("lags one span behind a ramp at any sampling interval", () => {
    const level = new UsualLevel(10_000);
    for (let at = 0; at <= 200_000; at += 10) level.observe({ at, value: at / 1000 });
    expect(200 - (level.value as number)).toBeCloseTo(10, 1);
  });

  it("ignores samples that are not finite or go back in time", () => {
    const level = new UsualLevel(1000);
    expect(level.value).toBeUndefined();
    level.observe({ at: 5, value: 3 });
    level.observe({ at: 6, value: Number.NaN });
    level.observe({ at: 4, value: 100 });
    expect(level.value).toBe(3);
  });

  it("refuses a span of 0", () => {
    expect(() => new UsualLevel(0)).toThrow("spanMillis: expected a positive number, got 0");
  });
});
