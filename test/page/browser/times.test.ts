import { afterEach, expect, it, vi } from "vitest";

/** Not imported by its name: the types of a browser are none of the tests. */
const file: string = "../../../src/page/browser/times.ts";
const { localTimes }: { localTimes: Record<"timeOfDay" | "exact", (millis: number) => string> } =
  await import(file);

afterEach(() => vi.useRealTimers());

it("times have a day unless it is today, and are those of the zone of the reader", () => {
  vi.useFakeTimers({ now: new Date(2026, 4, 17, 12, 0, 0) });
  const at = (day: number, hour: number) => new Date(2026, 4, day, hour, 5, 9).getTime();
  expect([0, 9, 23].map((hour) => localTimes.timeOfDay(at(17, hour)))).toEqual(["00:05", "09:05", "23:05"]);
  expect(localTimes.exact(at(17, 9))).toBe("09:05:09");
  expect(localTimes.timeOfDay(at(16, 9))).toMatch(/^(16 May|May 16) 09:05$/);
  expect(localTimes.exact(at(18, 9))).toMatch(/^(18 May|May 18) 09:05:09$/);
});
