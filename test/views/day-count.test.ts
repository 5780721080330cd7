import { describe, expect, it } from "vitest";
import { localClock } from "../../src/series/local-clock.ts";
import { DayCount } from "../../src/views/day-count.ts";

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 28, 12);

describe("the count of a day", () => {
  it("adds up until midnight and then starts from 0", () => {
    const day = new DayCount(undefined);
    day.add(2, NOON);
    day.add(3, NOON + HOUR);
    expect(day.totalAt(NOON + 11 * HOUR)).toBe(5);
    expect(day.totalAt(NOON + 12 * HOUR)).toBe(0);
    day.add(4, NOON + 13 * HOUR);
    expect(day.totalAt(NOON + 13 * HOUR)).toBe(4);
  });

  it("ends at midnight of its time zone", () => {
    // 23:00 UTC is midnight in Berlin in winter.
    const day = new DayCount(localClock("Europe/Berlin"));
    day.add(2, NOON);
    expect(day.totalAt(NOON + 11 * HOUR - 1)).toBe(2);
    expect(day.totalAt(NOON + 11 * HOUR)).toBe(0);
  });

  it("goes on after it was saved, on the same day only", () => {
    const saved = new DayCount(undefined);
    saved.add(2, NOON);
    const [sameDay, nextDay] = [new DayCount(undefined), new DayCount(undefined)];
    sameDay.restore(saved.saved());
    nextDay.restore(saved.saved());
    sameDay.add(1, NOON + HOUR);
    nextDay.add(1, NOON + 24 * HOUR);
    expect(sameDay.totalAt(NOON + HOUR)).toBe(3);
    expect(nextDay.totalAt(NOON + 24 * HOUR)).toBe(1);
  });

  it("goes on if the clock is set back over midnight, until the midnight after that", () => {
    const day = new DayCount(undefined);
    day.add(2, NOON + 13 * HOUR);
    day.add(3, NOON + 11 * HOUR);
    expect(day.totalAt(NOON + 13 * HOUR)).toBe(5);
    expect(day.totalAt(NOON + 36 * HOUR)).toBe(0);
  });

  it("takes nothing of what was counted since a time that no calendar has", () => {
    const day = new DayCount(localClock("Europe/Berlin"));
    day.addSince(2, -9.2e18, NOON);
    expect(day.totalAt(NOON)).toBe(0);
  });

  it.each([3, 3650])("ends at midnight again after the clock was wrong by %d days", (days) => {
    const wrong = new DayCount(undefined);
    wrong.add(2, NOON + days * 24 * HOUR);
    const restored = new DayCount(undefined);
    restored.restore(wrong.saved());
    for (const day of [wrong, restored]) {
      day.add(3, NOON);
      expect(day.totalAt(NOON)).toBe(3);
      expect(day.totalAt(NOON + 12 * HOUR)).toBe(0);
    }
  });
});
