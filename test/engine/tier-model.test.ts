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

  it("follows its season by the local hour after the change, too", () => {
    const more = { method: "auto", forecastIntervalMillis: 30 * DAY_MILLIS };
    const begin = change + HOUR_MILLIS;
    const series = seriesUntil(begin, 20);
    const model = fitted(series, begin, more);
    for (let at = begin; at < begin + DAY_MILLIS; at += HOUR_MILLIS) {
      series.append({ at, value: localHour(at) });
      model.feed(series);
    }
    expect(model.follow(series, begin + DAY_MILLIS, 30 * DAY_MILLIS)).toBe(true);
    for (const ahead of [8, 12, 20]) {
      const at = begin + DAY_MILLIS + ahead * HOUR_MILLIS;
      expect(Math.abs(model.model.predictAt(at).mean - localHour(at)), `${ahead} h`).toBeLessThan(0.2);
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
  const interval = 30 * stepMillis;
  const until = Date.parse("2026-03-02T12:00Z");
  const noise = (index: number): number => 50 + 10 * Math.sin(index * index);
  const wave = (index: number): number => noise(index) + 100 * Math.sin((index * Math.PI) / 15);

  /** At which forecast intervals a model is kept by following its seasons, and then replaced. */
  function lifeOf(points: number, valueAt: (index: number) => number, phase?: number) {
    const series = new TieredSeries({ resolutions: [{ stepSeconds: stepMillis / 1000, capacity: 360 }] });
    const append = (index: number): void =>
      void series.append({ at: until + (index - points) * stepMillis, value: valueAt(index) });
    for (let index = 0; index <= points; index += 1) append(index);
    const model = fitted(series, until, {
      method: "auto",
      clock: undefined,
      seasonSeconds: undefined,
      ...(phase === undefined ? {} : { phase }),
    });
    const followed: number[] = [];
    for (let steps = 1; steps <= 20 * 30; steps += 1) {
      const now = until + steps * stepMillis;
      append(points + steps);
      model.feed(series);
      if (!model.isDue(series, now, interval)) continue;
      if (!model.follow(series, now, interval)) return { followed, replaced: steps / 30 };
      followed.push(steps / 30);
    }
    return { followed, replaced: undefined };
  }

  it("stays for twelve forecast intervals, and looks for a season after six", () => {
    expect(lifeOf(360, noise)).toEqual({ followed: [6], replaced: 12 });
  });

  it("stays for eleven to thirteen, depending on its series", () => {
    const lives = [0, 0.25, 1].map((phase) => lifeOf(360, noise, phase).replaced);
    expect(lives).toEqual([11, 11.5, 13]);
  });

  it("follows its season at each of them", () => {
    expect(lifeOf(360, wave)).toEqual({ followed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], replaced: 12 });
  });

  it("stays for one when its history is short", () => {
    expect(lifeOf(280, noise)).toEqual({ followed: [], replaced: 1 });
    expect(lifeOf(280, wave)).toEqual({ followed: [], replaced: 1 });
  });

  it("is replaced sooner when its season is gone, or the first has appeared", () => {
    const { followed, replaced } = lifeOf(360, (index) => (index < 370 ? wave(index) : noise(index)));
    expect(replaced).toBeLessThan(12);
    expect(followed.length).toBe((replaced as number) - 1);
    const appears = lifeOf(360, (index) => (index < 370 ? noise(index) : wave(index)));
    expect(appears).toEqual({ followed: [], replaced: 6 });
  });
});

describe("a model that is made again as it was saved", () => {
  const stepMillis = 10_000;
  const from = Date.parse("2026-03-02T12:00Z");
  const more = { method: "auto", clock: undefined, seasonSeconds: undefined };
  const wave = (index: number): number => 9 * Math.sin((index * Math.PI) / 15) + Math.sin(index * index);

  it("has followed its season, whatever came into a slot after its value was taken", () => {
    const series = new TieredSeries({ resolutions: [{ stepSeconds: stepMillis / 1000, capacity: 360 }] });
    const append = (at: number, value: number): void =>
      void series.append({ at: from + at * stepMillis, value });
    for (let index = 0; index <= 400; index += 1) append(index, wave(index));
    const model = fitted(series, from, more);
    append(400.2, 300);
    for (let index = 401; index <= 530; index += 1) {
      append(index, wave(index + index / 60));
      model.feed(series);
      if (index % 30 !== 0) continue;
      expect(model.follow(series, from + 1, DAY_MILLIS)).toBe(true);
      append(index + 0.2, -300);
    }
    const saved = model.saved();
    if (saved === undefined) throw new Error("not saved");
    expect(saved.followed?.map(({ taken }) => taken)).toEqual([20, 50, 80, 110]);
    const again = TierModel.restore(series, saved, options(more));
    const at = from + 540 * stepMillis;
    expect(again?.model.predictAt(at)).toEqual(model.model.predictAt(at));
    expect(again?.saved()).toEqual(saved);
  });

  it("has followed a past that its series has dropped since", () => {
    const series = new TieredSeries({ resolutions: [{ stepSeconds: stepMillis / 1000, capacity: 360 }] });
    const append = (index: number): void =>
      void series.append({ at: from + index * stepMillis, value: wave(index) });
    for (let index = 0; index <= 400; index += 1) append(index);
    const lasting = { ...more, forecastIntervalMillis: 30 * stepMillis };
    const model = fitted(series, from, lasting);
    for (let index = 401; index <= 780; index += 1) {
      append(index);
      model.feed(series);
      if (index === 420) expect(model.follow(series, from + 1, DAY_MILLIS)).toBe(true);
    }
    const saved = model.saved();
    if (saved === undefined) throw new Error("not saved");
    const again = TierModel.restore(series, saved, options(lasting));
    const at = from + 790 * stepMillis;
    expect(again?.model.predictAt(at)).toEqual(model.model.predictAt(at));
  });

  it("is not made when its series lacks what its season was estimated from", () => {
    const series = new TieredSeries({ resolutions: [{ stepSeconds: stepMillis / 1000, capacity: 360 }] });
    const append = (index: number): void =>
      void series.append({ at: from + index * stepMillis, value: wave(index) });
    for (let index = 0; index <= 400; index += 1) append(index);
    const model = fitted(series, from, more);
    const saved = model.saved();
    if (saved === undefined) throw new Error("not saved");
    const followed = [{ taken: 0, length: 500 }];
    expect(TierModel.restore(series, saved, options(more))).toBeDefined();
    expect(TierModel.restore(series, { ...saved, followed }, options(more))).toBeUndefined();
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
