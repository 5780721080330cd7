import { describe, expect, it } from "vitest";
import { ClockedModel } from "../../src/engine/clocked-model.ts";
import { DailyTotalKind } from "../../src/engine/daily-total-kind.ts";
import type { OutlookModel } from "../../src/engine/outlook-model.ts";
import { LevelKind, type SeriesKind } from "../../src/engine/series-kind.ts";
import { dayEndOf, outlookAt, SeriesOutlook } from "../../src/engine/series-outlook.ts";

const MINUTE_SECONDS = 60;
const now = Date.UTC(2026, 0, 1);
const kind = new LevelKind({});

/** A model of minutes that predicts no change from `level`. Its last slot is half a step ago. */
function flatModel(level: number): ClockedModel {
  const fit = ClockedModel.fit(
    {
      values: new Float64Array(20).fill(level),
      stepSeconds: MINUTE_SECONDS,
      lastAt: now - (MINUTE_SECONDS * 1000) / 2,
    },
    { method: "naive", kind, clock: undefined },
    60,
  );
  if (fit.state !== "ready") throw new Error(fit.state);
  return fit.model;
}

/** A series at 10 that is forecast to be at the levels at 5 minutes and at an hour, by two models. */
function outlook(atFiveMinutes: number, atAnHour: number): SeriesOutlook {
  const latest = { at: now, value: 10 };
  const horizons = [
    outlookAt(kind, latest, { label: "5m", seconds: 300 }, flatModel(atFiveMinutes)),
    outlookAt(kind, latest, { label: "1h", seconds: 3600 }, flatModel(atAnHour)),
  ];
  return new SeriesOutlook(kind, latest, horizons, undefined);
}

/** A model of minutes whose mean, by the minutes from now, is known. */
function modelOf(mean: (minutes: number) => number): OutlookModel {
  const stepMillis = MINUTE_SECONDS * 1000;
  const meanAt = (at: number): number => mean((at - now) / stepMillis);
  const predictAt = (at: number) => {
    const it = meanAt(at);
    return { mean: it, lower80: it, upper80: it, lower95: it, upper95: it };
  };
  return {
    ...{ method: "known", errorVersusNaive: 1, stepMillis, meanAt, predictAt },
    stepAfter: (at) => (Math.floor(at / stepMillis) + 1) * stepMillis,
  };
}

/** A series at 10 of which one model forecasts an hour. */
function outlookOf(kind: SeriesKind, mean: (minutes: number) => number): SeriesOutlook {
  const latest = { at: now, value: 10 };
  return new SeriesOutlook(
    kind,
    latest,
    [outlookAt(kind, latest, { label: "1h", seconds: 3600 }, modelOf(mean))],
    dayEndOf(kind, latest, modelOf(mean)),
  );
}

describe("the time to a threshold", () => {
  it("is found between two horizons, of a level that falls back", () => {
    const peak = outlookOf(kind, (minutes) => 70 - 2 * Math.abs(30 - minutes));
    expect(peak.secondsUntil({ value: 50, direction: "above" })).toBeCloseTo(20 * 60, 6);
    expect(peak.secondsUntil({ value: 71, direction: "above" })).toBeUndefined();
  });

  it("is found between two horizons, of a total that does not grow evenly", () => {
    const total = outlookOf(new DailyTotalKind({}, undefined), (minutes) => 4 * Math.min(minutes, 15));
    expect(total.secondsUntil({ value: 50, direction: "above" })).toBeCloseTo(10 * 60, 6);
    expect(total.secondsUntil({ value: 70, direction: "above" })).toBeUndefined();
  });

  it("follows the model of each horizon only beyond the horizon before", () => {
    // From 10 at 300 s to 100 at the next step of the second model, at 330 s.
    expect(outlook(10, 100).secondsUntil({ value: 55, direction: "above" })).toBeCloseTo(315, 6);
  });

  it("is found on the model of the first horizon, whatever the next one predicts", () => {
    // From 10 now to 100 at the first step, at 30 s.
    expect(outlook(100, 10).secondsUntil({ value: 55, direction: "above" })).toBeCloseTo(15, 6);
  });

  it("is unknown without a forecast, even when the threshold is crossed", () => {
    const none = new SeriesOutlook(kind, { at: now, value: 10 }, [], undefined);
    expect(none.secondsUntil({ value: 5, direction: "above" })).toBeUndefined();
    expect(outlook(10, 10).secondsUntil({ value: 5, direction: "above" })).toBe(0);
  });
});
