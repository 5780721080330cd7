import { describe, expect, it } from "vitest";
import type { SeriesForecaster } from "../../src/engine/series-forecaster.ts";
import type { SeriesStatus } from "../../src/status/answers.ts";
import { byUrgency, rankOf, searching, urgencyOf } from "../../src/status/found-series.ts";

const threshold = { value: 90, direction: "above" } as const;

/** A series that passes its threshold after this time, here and in another process. */
const ahead = (seconds: number | undefined, has = true): number[] => {
  const limit = has ? threshold : undefined;
  const outlook = { secondsUntil: (asked: unknown) => (asked === threshold ? seconds : -1) };
  const status = { threshold: limit, secondsToThreshold: seconds };
  return [
    urgencyOf({ plan: { threshold: limit }, outlook } as unknown as SeriesForecaster),
    rankOf(status as unknown as SeriesStatus),
  ];
};

describe("the most urgent series", () => {
  it("passes its threshold first, then come those that do not pass it, then those without one", () => {
    const [now, soon, late, never, without] = [
      ahead(0),
      ahead(60),
      ahead(1e9),
      ahead(undefined),
      ahead(undefined, false),
    ];
    expect([now, soon, late]).toEqual([
      [0, 0],
      [60, 60],
      [1e9, 1e9],
    ]);
    expect(never).toEqual([Number.MAX_VALUE, Number.MAX_VALUE]);
    expect(without).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it("that has no forecast yet does not pass its threshold", () => {
    const series = { plan: { threshold }, outlook: undefined } as unknown as SeriesForecaster;
    expect(urgencyOf(series)).toBe(Number.MAX_VALUE);
  });

  it("is first, and by name among those that are equally urgent", () => {
    const series = [
      { metric: "b", urgency: 1 },
      { metric: "a", urgency: Number.POSITIVE_INFINITY },
      { metric: "c", urgency: 0 },
      { metric: "a", urgency: 1 },
      { metric: "b", urgency: Number.POSITIVE_INFINITY },
    ];
    expect(series.sort(byUrgency).map(({ metric, urgency }) => `${metric} ${urgency}`)).toEqual([
      "c 0",
      "a 1",
      "b 1",
      "a Infinity",
      "b Infinity",
    ]);
  });

  it("is so in either order, and none of two with one name and urgency is", () => {
    const [soon, late, other] = [
      { metric: "b", urgency: 1 },
      { metric: "a", urgency: 2 },
      { metric: "c", urgency: 1 },
    ];
    expect([byUrgency(soon, late), byUrgency(late, soon)].map(Math.sign)).toEqual([-1, 1]);
    expect([byUrgency(soon, other), byUrgency(other, soon)].map(Math.sign)).toEqual([-1, 1]);
    expect(byUrgency(soon, { ...soon })).toBe(0);
  });
});

it("a search finds a part of a name or of a value of a label, in any case, but no name of a label", () => {
  const key = { metric: "Queue_size", labels: { agent: "Planner", host: "db-1" } };
  const finds = (text: string): boolean => searching(text)(key);
  expect(["queue", "E_S", "PLAN", "db-", ""].map(finds)).toEqual([true, true, true, true, true]);
  expect(["host", "size planner", "db-2"].map(finds)).toEqual([false, false, false]);
});
