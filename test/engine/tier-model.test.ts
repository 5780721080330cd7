import { describe, expect, it } from "vitest";
import { type ModelOptions, TierModel } from "../../src/engine/tier-model.ts";
import { localClock } from "../../src/series/local-clock.ts";
import { TieredSeries } from "../../src/series/tiered-series.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const resolutions = [{ stepSeconds: 3600, capacity: 24 * 30 }];

function options(more: Partial<ModelOptions> = {}): ModelOptions {
  return {
    method: "seasonal-naive",
    bounds: {},
    seasonSeconds: DAY / 1000,
    clock: localClock("Europe/Berlin"),
    isDailyTotal: false,
    ...more,
  };
}

/** The hour of the day in Berlin, as a value. */
function localHour(at: number): number {
  return ((at + localClock("Europe/Berlin").offsetMillis(at)) / HOUR) % 24;
}

/** A series that holds the local hour, every hour before `until`. */
function seriesUntil(until: number, days = 7): TieredSeries {
  const series = new TieredSeries({ resolutions });
  for (let at = until - days * DAY; at < until; at += HOUR) series.append({ at, value: localHour(at) });
  return series;
}

function fitted(series: TieredSeries, until: number, more: Partial<ModelOptions> = {}): TierModel {
  const model = TierModel.fit(series, 0, DAY / 1000, options(more), until);
  if (!(model instanceof TierModel)) throw new Error(model.reason);
  return model;
}

const changes = [
  ["spring", Date.parse("2026-03-29T01:00Z")],
  ["autumn", Date.parse("2026-10-25T01:00Z")],
] as const;

describe.each(changes)("a model with a local clock that was fitted before the change in %s", (_, change) => {
  const fittedAt = change - 6 * HOUR;

  it("predicts beyond the change by the local hour", () => {
    const model = fitted(seriesUntil(fittedAt), fittedAt);
    for (const ahead of [8, 12, 20]) {
      const at = fittedAt + ahead * HOUR;
      expect(model.predictUntil(at).mean.at(-1), `${ahead} h`).toBeCloseTo(localHour(at), 6);
    }
  });

  it("predicts by the local hour when it is fed across the change, without a new fit", () => {
    const series = seriesUntil(fittedAt);
    const model = fitted(series, fittedAt);
    for (let at = fittedAt; at < change + 5 * HOUR; at += HOUR) {
      series.append({ at, value: localHour(at) });
      expect(model.feed(series)).toBe(true);
    }
    const target = change + 20 * HOUR;
    expect(model.predictUntil(target).mean.at(-1)).toBeCloseTo(localHour(target), 6);
  });

  it("is due when it has been fed beyond the change, and not before", () => {
    const series = seriesUntil(fittedAt);
    const model = fitted(series, fittedAt);
    const isDue = (): boolean => model.isDue(series, fittedAt, DAY);
    for (let at = fittedAt; at <= change; at += HOUR) {
      series.append({ at, value: localHour(at) });
      model.feed(series);
    }
    expect(isDue()).toBe(false);
    series.append({ at: change + HOUR, value: localHour(change + HOUR) });
    model.feed(series);
    expect(isDue()).toBe(true);
    expect(fitted(series, change + HOUR).isDue(series, change + HOUR, DAY)).toBe(false);
  });

  it("is as good when it was fitted right after the change", () => {
    for (const late of [1, 2, 3, 30]) {
      const now = change + late * HOUR;
      const target = now + 20 * HOUR;
      const predicted = fitted(seriesUntil(now), now).predictUntil(target).mean.at(-1);
      expect(predicted, `${late} h after`).toBeCloseTo(localHour(target), 6);
    }
  });

  it("is an hour off without the clock", () => {
    const model = fitted(seriesUntil(fittedAt), fittedAt, { clock: undefined });
    const target = fittedAt + 20 * HOUR;
    expect(Math.abs((model.predictUntil(target).mean.at(-1) as number) - localHour(target))).toBeCloseTo(
      1,
      6,
    );
  });
});

describe("a model without a season of days", () => {
  it.each([
    ["no season that the tier can hold", { seasonSeconds: undefined }, 30],
    ["a season of twelve hours", { seasonSeconds: DAY / 2000 }, 24 * 30],
  ])("takes the slots as they come, with %s", (_, more, capacity) => {
    const change = Date.parse("2026-10-25T01:00Z");
    const series = new TieredSeries({ resolutions: [{ stepSeconds: 3600, capacity }] });
    const append = (at: number): void => void series.append({ at, value: at / HOUR });
    for (let at = change - 40 * HOUR; at < change; at += HOUR) append(at);
    const model = fitted(series, change, { ...more, method: "naive" });
    for (let at = change; at <= change + 3 * HOUR; at += HOUR) append(at);
    model.feed(series);
    expect(model.isDue(series, change, DAY)).toBe(false);
    expect(model.predictUntil(change + 5 * HOUR).mean).toEqual(
      Float64Array.of(1, 1, 1).map(() => change / HOUR + 2),
    );
  });
});

describe("the part of a path that lies ahead", () => {
  it("begins after now, by the clock of the season", () => {
    const change = Date.parse("2026-03-29T01:00Z");
    const series = seriesUntil(change);
    const model = fitted(series, change);
    const path = Float64Array.from({ length: 10 }, (_, index) => index);
    // The last completed slot lies two hours before the change: a moment before it, one step has passed.
    expect(model.aheadOf(change - 1, path).mean[0]).toBe(1);
    expect(model.aheadOf(change - 1, path).firstStepSeconds).toBeCloseTo(0.001, 6);
    // A moment later it is three o'clock instead of one: three steps have passed.
    expect(model.aheadOf(change, path).mean[0]).toBe(3);
    expect(model.aheadOf(change, path).firstStepSeconds).toBe(3600);
  });
});
