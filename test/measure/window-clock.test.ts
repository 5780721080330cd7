import { describe, expect, it } from "vitest";
import { WindowClock } from "../../src/measure/window-clock.ts";

const clock = (windowMillis = 60_000, intervalMillis = 10_000) =>
  new WindowClock({ windowMillis, intervalMillis, startedAt: 1000 });

describe("the clock of a window", () => {
  it("begins a slice with each collection that is in time, whatever its jitter", () => {
    const window = clock();
    expect(window.slices).toBe(6);
    expect([0, 10_004, 19_991, 30_100, 39_800].map((at) => window.moveTo(1000 + at))).toEqual([
      0, 1, 1, 1, 1,
    ]);
  });

  it("begins none with a collection in between, and as many as have gone by with a late one", () => {
    const window = clock();
    expect([5, 10_000, 11_000, 12_000, 50_000].map((at) => window.moveTo(1000 + at))).toEqual([
      0, 1, 0, 0, 4,
    ]);
  });

  it("begins no more than the window holds, and none while the clock stands", () => {
    const window = clock();
    expect(window.moveTo(1e9)).toBe(6);
    expect(window.moveTo(1e9)).toBe(0);
    expect(window.moveTo(1e9 - 50_000)).toBe(0);
  });

  it("covers what has gone by, at least an interval and at most the window", () => {
    const window = clock();
    const covered = [0, 10_000, 20_000, 60_000, 70_000, 80_000].map((at) => {
      window.moveTo(1000 + at);
      return window.coveredSeconds;
    });
    expect(covered).toEqual([10, 10, 20, 60, 60, 60]);
  });

  it("covers whole intervals where the window is no multiple of them", () => {
    const window = clock(25_000);
    expect(window.slices).toBe(3);
    for (let at = 0; at <= 100_000; at += 10_000) window.moveTo(1000 + at);
    expect(window.coveredSeconds).toBe(30);
  });

  it("covers the gap that a late collection ends, as long as that is in the window", () => {
    const window = clock();
    for (const at of [0, 10_000, 310_000, 320_000]) window.moveTo(1000 + at);
    expect(window.coveredSeconds).toBe(310);
    for (const at of [330_000, 340_000, 350_000, 360_000, 370_000]) window.moveTo(1000 + at);
    expect(window.coveredSeconds).toBe(60);
  });

  it("puts several intervals into a slice where there are too many", () => {
    const window = clock(600_000, 1000);
    expect(window.slices).toBe(300);
    const begun = [0, 1000, 2000, 3000, 4000, 5000].map((at) => window.moveTo(1000 + at));
    expect(begun).toEqual([0, 1, 0, 1, 0, 1]);
  });
});
