import { describe, expect, it } from "vitest";
import { WindowClock } from "../../src/measure/window-clock.ts";

const clock = (windowMillis = 60_000, intervalMillis = 10_000) =>
  new WindowClock({ windowMillis, intervalMillis, startedAt: 1000 });

describe("the clock of a window", () => {
  it("begins a slice with each collection, whatever its jitter", () => {
    const window = clock();
    expect(window.slices).toBe(6);
    expect([0, 10_004, 19_991, 30_100, 39_800].map((at) => window.moveTo(1000 + at))).toEqual([
      0, 1, 1, 1, 1,
    ]);
  });

  it("begins no slice with an extra collection, and several with a late one", () => {
    const window = clock();
    expect([5, 10_000, 11_000, 12_000, 50_000].map((at) => window.moveTo(1000 + at))).toEqual([
      0, 1, 0, 0, 4,
    ]);
  });

  it.each([
    [5000, 0],
    [5001, 1],
    [15_000, 1],
    [15_001, 2],
  ])("takes a collection for the nearest slice: at %d ms slice %d", (at, slice) => {
    expect(clock().moveTo(1000 + at)).toBe(slice);
  });

  it("begins at most a window of slices, and none while the clock stands", () => {
    const window = clock();
    expect(window.moveTo(1e9)).toBe(6);
    expect(window.moveTo(1e9)).toBe(0);
    expect(window.moveTo(1e9 - 50_000)).toBe(0);
  });

  it("covers the time since the start, at least an interval and at most the window", () => {
    const window = clock();
    const covered = [0, 10_000, 20_000, 60_000, 70_000, 80_000].map((at) => {
      window.moveTo(1000 + at);
      return window.coveredSeconds;
    });
    expect(covered).toEqual([10, 10, 20, 60, 60, 60]);
  });

  it("covers whole intervals when the window is not a multiple of them", () => {
    const window = clock(25_000);
    expect(window.slices).toBe(3);
    for (let at = 0; at <= 100_000; at += 10_000) window.moveTo(1000 + at);
    expect(window.coveredSeconds).toBe(30);
  });

  it("covers the gap before a late collection while it is in the window", () => {
    const window = clock();
    for (const at of [0, 10_000, 310_000, 320_000]) window.moveTo(1000 + at);
    expect(window.coveredSeconds).toBe(310);
    for (const at of [330_000, 340_000, 350_000, 360_000, 370_000]) window.moveTo(1000 + at);
    expect(window.coveredSeconds).toBe(60);
  });

  it("puts several intervals into a slice when there are too many", () => {
    const window = clock(600_000, 1000);
    expect(window.slices).toBe(300);
    const begun = [0, 1000, 2000, 3000, 4000, 5000].map((at) => window.moveTo(1000 + at));
    expect(begun).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it("has up to 300 slices, whose widths add up to its own", () => {
    const sizeOf = (intervals: number) => {
      const { slices, fullSeconds } = clock(intervals * 1000, 1000);
      return { slices, fullSeconds };
    };
    expect(sizeOf(6)).toEqual({ slices: 6, fullSeconds: 6 });
    expect(sizeOf(300)).toEqual({ slices: 300, fullSeconds: 300 });
    expect(sizeOf(301)).toEqual({ slices: 151, fullSeconds: 302 });
    expect(sizeOf(601)).toEqual({ slices: 201, fullSeconds: 603 });
  });

  it("knows where it will be while it is filling, also if its first collection was early", () => {
    const window = clock();
    for (const at of [4000, 10_000]) window.moveTo(1000 + at);
    expect(window.ahead(10)).toEqual({ begunSlices: 1, coveredSeconds: 20, comingSeconds: 10 });
  });

  it("goes on in the next process as it would have in this one", () => {
    const times = [0, 10_000, 21_000, 30_000, 40_000, 64_000, 70_000, 80_000, 90_000, 101_000];
    const seen = (window: WindowClock, at: number) => [
      window.moveTo(1000 + at),
      window.coveredSeconds,
      window.ahead(40),
    ];
    for (let saved = 1; saved < times.length; saved++) {
      const [whole, before, after] = [clock(), clock(), clock()];
      for (const at of times.slice(0, saved)) for (const it of [whole, before]) it.moveTo(1000 + at);
      after.restore(before.saved(), 1000 + (times[saved - 1] as number));
      for (const at of times.slice(saved)) expect(seen(after, at)).toEqual(seen(whole, at));
    }
  });

  it("knows where it will be, as it then is, whether it is filling, full, behind a gap or all new", () => {
    const regular = Array.from({ length: 40 }, (_, step) => step * 10_000);
    // The gap is before each of the moments below that are called now.
    const withGap = regular.map((at) => (at >= 10_000 ? at + 300_000 : at));
    for (const [windowMillis, times] of [
      [60_000, regular],
      [60_000, withGap],
      [4_000_000, regular],
    ] as const) {
      for (const [now, later] of [
        [1, 2],
        [3, 20],
        [7, 9],
        [10, 12],
        [10, 13],
        [10, 39],
      ] as const) {
        const window = clock(windowMillis);
        for (const at of times.slice(0, now + 1)) window.moveTo(1000 + at);
        const seconds = ((times[later] as number) - (times[now] as number)) / 1000;
        const ahead = window.ahead(seconds);
        let begunSlices = 0;
        for (const at of times.slice(now + 1, later + 1)) begunSlices += window.moveTo(1000 + at);
        expect(ahead).toEqual({
          begunSlices,
          coveredSeconds: window.coveredSeconds,
          comingSeconds: Math.min(seconds, window.coveredSeconds),
        });
      }
    }
  });

  it("is now where it will be in no time", () => {
    const window = clock();
    for (const at of [0, 10_000, 20_400]) window.moveTo(1000 + at);
    expect(window.ahead(0)).toEqual({ begunSlices: 0, coveredSeconds: 20.4, comingSeconds: 0 });
  });
});
