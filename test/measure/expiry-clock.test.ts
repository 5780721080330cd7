import { describe, expect, it } from "vitest";
import { ExpiryClock } from "../../src/measure/expiry-clock.ts";

const MINUTE = 60_000;

/** The time since which a source is silent, after collections at these times; the process collects every 10 s. */
function silentSince(...times: number[]): number | undefined {
  const clock = new ExpiryClock({ intervalMillis: 10_000, expiryMillis: 10 * MINUTE });
  return times.map((at) => clock.moveTo(at)).at(-1);
}

describe("the time since which a source is silent", () => {
  it("is the expiry ago while collections are at most late", () => {
    expect(silentSince(0, 10_000, MINUTE + 9_999)).toBe(MINUTE + 9_999 - 10 * MINUTE);
  });

  it("is earlier by the suspensions since then", () => {
    expect(silentSince(0, 5 * MINUTE)).toBe(-10 * MINUTE);
    expect(silentSince(0, 5 * MINUTE, 5.5 * MINUTE, 9 * MINUTE)).toBe(-9.5 * MINUTE);
  });

  it("is not earlier by a suspension before it", () => {
    const halfMinutes = (until: number) =>
      Array.from({ length: 2 * (until - 5) + 1 }, (_, half) => (5 + half / 2) * MINUTE);
    expect(silentSince(0, ...halfMinutes(14))).toBe(-MINUTE);
    expect(silentSince(0, ...halfMinutes(15))).toBe(5 * MINUTE);
    expect(silentSince(0, ...halfMinutes(16))).toBe(6 * MINUTE);
  });

  it("counts the expiry from the first collection after a suspension, not from its middle", () => {
    const afterwards = Array.from({ length: 60 }, (_, half) => (100 + half / 2) * MINUTE);
    expect(silentSince(0, 100 * MINUTE)).toBe(-10 * MINUTE);
    expect(silentSince(0, ...afterwards.slice(0, 20))).toBe(-0.5 * MINUTE);
    expect(silentSince(0, ...afterwards.slice(0, 21))).toBe(100 * MINUTE);
  });

  it("takes a gap as long as the expiry for a suspension, however short the expiry is", () => {
    const clock = new ExpiryClock({ intervalMillis: 1000, expiryMillis: 5000 });
    expect([0, 1000, 6000].map((at) => clock.moveTo(at))).toEqual([-5000, -4000, -4000]);
    expect(clock.moveTo(10_999)).toBe(5999 - 5000);
  });

  it("is known also when the clock is put back", () => {
    expect(silentSince(10 * MINUTE, 0)).toBe(-10 * MINUTE);
    expect(silentSince(0, 5 * MINUTE, MINUTE)).toBe(-14 * MINUTE);
  });
});
