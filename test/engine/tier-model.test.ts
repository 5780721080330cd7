import { describe, expect, it } from "vitest";
import { LevelKind } from "../../src/engine/series-kind.ts";
import { TierModel, type TierOptions } from "../../src/engine/tier-model.ts";
import { localClock } from "../../src/series/local-clock.ts";
import { TieredSeries } from "../../src/series/tiered-series.ts";

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;
const resolutions = [{ stepSeconds: 3600, capacity: 24 * 30 }];

function options(more: Partial<TierOptions> = {}): TierOptions {
  return {
    method: "seasonal-naive",
    kind: new LevelKind({}),
    seasonSeconds: DAY_MILLIS / 1000,
    clock: localClock("Europe/Berlin"),
    forecastIntervalMillis: DAY_MILLIS,
    ...more,
  };
}

/** The hour of the day in Berlin, as a value. */
function localHour(at: number): number {
  return ((at + localClock("Europe/Berlin").offsetMillis(at)) / HOUR_MILLIS) % 24;
}

/** A series that holds the local hour, every hour before `until`. */
function seriesUntil(until: number, days = 7): TieredSeries {
  const series = new TieredSeries({ resolutions });
  for (let at = until - days * DAY_MILLIS; at < until; at += HOUR_MILLIS)
    series.append({ at, value: localHour(at) });
  return series;
}

function fitted(series: TieredSeries, until: number, more: Partial<TierOptions> = {}): TierModel {
  const model = TierModel.fit(series, { tier: 0, spanSeconds: DAY_MILLIS / 1000, now: until }, options(more));
  if (!(model instanceof TierModel)) throw new Error(model.reason);
  return model;
}

const changes = [
  ["spring", Date.parse("2026-03-29T01:00Z")],
  ["autumn", Date.parse("2026-10-25T01:00Z")],
] as const;

describe.each(changes)("a model with a local clock that was fitted before the change in %s", (_, change) => {
  const fittedAt = change - 6 * HOUR_MILLIS;

  it("predicts beyond the change by the local hour", () => {
    const model = fitted(seriesUntil(fittedAt), fittedAt);
    for (const ahead of [8, 12, 20]) {
      const at = fittedAt + ahead * HOUR_MILLIS;
      expect(model.model.predictAt(at).mean, `${ahead} h`).toBeCloseTo(localHour(at), 6);
    }
  });

  it("predicts by the local hour when it is fed across the change, without a new fit", () => {
    const series = seriesUntil(fittedAt);
    const model = fitted(series, fittedAt);
    for (let at = fittedAt; at < change + 5 * HOUR_MILLIS; at += HOUR_MILLIS) {
      series.append({ at, value: localHour(at) });
      expect(model.feed(series)).toBe(true);
    }
    const target = change + 20 * HOUR_MILLIS;
    expect(model.model.predictAt(target).mean).toBeCloseTo(localHour(target), 6);
  });

  it("is due when it has been fed beyond the change, and not before", () => {
    const series = seriesUntil(fittedAt);
    const model = fitted(series, fittedAt);
    const isDue = (): boolean => model.isDue(series, fittedAt, DAY_MILLIS);
    for (let at = fittedAt; at < change; at += HOUR_MILLIS) {
      series.append({ at, value: localHour(at) });
      model.feed(series);
    }
    expect(isDue()).toBe(false);
    series.append({ at: change, value: localHour(change) });
    model.feed(series);
    expect(isDue()).toBe(true);
    expect(fitted(series, change + HOUR_MILLIS).isDue(series, change + HOUR_MILLIS, DAY_MILLIS)).toBe(false);
  });

  it("predicts by the local hour when it was fitted right after the change", () => {
    for (const late of [1, 2, 3, 30]) {
      const now = change + late * HOUR_MILLIS;
      const target = now + 20 * HOUR_MILLIS;
      const predicted = fitted(seriesUntil(now), now).model.predictAt(target).mean;
      expect(predicted, `${late} h after`).toBeCloseTo(localHour(target), 6);
    }
  });

  it("is an hour off without the clock", () => {
    const model = fitted(seriesUntil(fittedAt), fittedAt, { clock: undefined });
    const target = fittedAt + 20 * HOUR_MILLIS;
    expect(Math.abs(model.model.predictAt(target).mean - localHour(target))).toBeCloseTo(1, 6);
  });
});

describe("a model without a season of days", () => {
  it.each([
    ["no season that the tier can hold", { seasonSeconds: undefined }, 30],
    ["a season of twelve hours", { seasonSeconds: DAY_MILLIS / 2000 }, 24 * 30],
  ])("takes the slots as they come, with %s", (_, more, capacity) => {
    const change = Date.parse("2026-10-25T01:00Z");
    const series = new TieredSeries({ resolutions: [{ stepSeconds: 3600, capacity }] });
    const append = (at: number): void => void series.append({ at, value: at / HOUR_MILLIS });
    for (let at = change - 40 * HOUR_MILLIS; at < change; at += HOUR_MILLIS) append(at);
    const model = fitted(series, change, { ...more, method: "naive" });
    for (let at = change; at <= change + 3 * HOUR_MILLIS; at += HOUR_MILLIS) append(at);
    model.feed(series);
    expect(model.isDue(series, change, DAY_MILLIS)).toBe(false);
    expect(model.model.predictAt(change + 5 * HOUR_MILLIS).mean).toBe(change / HOUR_MILLIS + 3);
  });
});

describe("a model of auto", () => {
  const stepMillis = 10_000;
  const until = Date.parse("2026-03-02T12:00Z");
  const noise = (index: number): number => 50 + 10 * Math.sin(index * index);
  const wave = (index: number): number => noise(index) + 100 * Math.sin((index * Math.PI) / 15);

  function dueAfter(points: number, valueAt: (index: number) => number): readonly number[] {
    const series = new TieredSeries({ resolutions: [{ stepSeconds: stepMillis / 1000, capacity: 360 }] });
    for (let index = 0; index <= points; index += 1)
      series.append({ at: until + (index - points) * stepMillis, value: valueAt(index) });
    const model = fitted(series, until, { method: "auto", clock: undefined, seasonSeconds: undefined });
    const intervals = [1, 2, 3, 4];
    return intervals.filter((count) => model.isDue(series, until + count * 300_000, 300_000));
  }

  it("stays for four forecast intervals when it has no season and a long history", () => {
    expect(dueAfter(360, noise)).toEqual([4]);
  });

  it("stays for one when it has a season, or a short history", () => {
    expect(dueAfter(360, wave)).toEqual([1, 2, 3, 4]);
    expect(dueAfter(280, noise)).toEqual([1, 2, 3, 4]);
  });
});

describe("a model whose clock is set", () => {
  const now = Date.parse("2026-05-05T00:00Z");

  it.each([
    ["is due if it has a season of the local day", {}, true],
    ["is not due without one", { seasonSeconds: DAY_MILLIS / 2000 }, false],
  ])("%s", (_, more, expected) => {
    const series = seriesUntil(now);
    const model = fitted(series, now, more);
    const isDue = (): boolean => model.isDue(series, now, DAY_MILLIS);
    expect([model.feed(series), isDue()]).toEqual([true, false]);
    series.shift(-3 * HOUR_MILLIS);
    expect([model.feed(series), isDue()]).toEqual([true, expected]);
  });
});

describe("the steps of a model that lie ahead", () => {
  it("begin after now, by the clock of the season", () => {
    const change = Date.parse("2026-03-29T01:00Z");
    const { model } = fitted(seriesUntil(change), change);
    // The last completed slot is two hours before the change. A moment before it, one step has
    // passed.
    expect(model.stepAfter(change - 1)).toBe(change);
    // A moment later it is three o'clock instead of one, and three steps have passed.
    expect(model.stepAfter(change)).toBe(change + HOUR_MILLIS);
  });
});
