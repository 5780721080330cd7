import { describe, expect, it } from "vitest";
import { ClockedModel } from "../../src/engine/clocked-model.ts";
import { LevelKind } from "../../src/engine/series-kind.ts";
import { outlookAt, SeriesOutlook } from "../../src/engine/series-outlook.ts";

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

describe("the time to a threshold", () => {
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
