import { describe, expect, it } from "vitest";
import {
  type AlertCondition,
  type AlertReading,
  evidenceOf,
} from "../../../src/alerts/state/alert-condition.ts";

const condition: AlertCondition = {
  threshold: { value: 90, direction: "above" },
  recovery: 70,
  basis: "forecast",
  bound: "lower",
  onItsWay: { share: 0.25 },
  maxErrorRatio: 1,
  whenErrorUnknown: "backtest",
  minKnownSeconds: 150,
};
const ahead = { secondsAhead: 300, knownSeconds: 900 };
const forecast = { ...ahead, lower: 92, predicted: 97, upper: 102, errorRatio: 0.5, errorVersusNaive: 0.5 };
const reading: AlertReading = {
  current: 60,
  usual: 40,
  isGrowing: false,
  forecast,
  secondsUntil: () => undefined,
};

const said = (over: Partial<AlertCondition>, seen: Partial<AlertReading> = {}) =>
  evidenceOf({ ...condition, ...over }, { ...reading, ...seen }).signal;

describe("an alert on a forecast", () => {
  it("is raised if the whole interval is beyond the threshold and the level is on its way", () => {
    expect(said({})).toBe("raise");
    expect(said({}, { forecast: { ...forecast, lower: 90, predicted: 97 } })).toBe("hold");
    expect(said({ bound: "predicted" }, { forecast: { ...forecast, lower: 10 } })).toBe("raise");
  });

  it("is not raised if the level has not moved a quarter of the way: (90 - 40) / 4 = 12.5", () => {
    expect(said({}, { current: 52.4 })).toBe("hold");
    expect(said({}, { current: 52.5 })).toBe("raise");
  });

  it("uses a given level instead of a share", () => {
    expect(said({ onItsWay: { beyond: 60 } })).toBe("hold");
    expect(said({ onItsWay: { beyond: 59 } })).toBe("raise");
  });

  it("needs no more than a level beyond the threshold, whatever the forecast is", () => {
    const back = { ...forecast, lower: 10, predicted: 20, upper: 30 };
    const bad = { ...forecast, errorRatio: 5 };
    for (const seen of [{ forecast }, { forecast: undefined }, { forecast: back }, { forecast: bad }])
      expect(evidenceOf(condition, { ...reading, current: 91, usual: 91, ...seen })).toEqual({
        signal: "level",
        isPast: true,
      });
    expect(said({ onItsWay: { beyond: 99 } }, { current: 91 })).toBe("level");
    expect(said({}, { current: 90, forecast: undefined })).toBe("hold");
  });

  it("is not raised while warming up, and then holds only while the level is beyond recovery", () => {
    expect(said({}, { forecast: undefined })).toBe("clear");
    expect(said({}, { forecast: undefined, current: 71 })).toBe("hold");
  });

  it("is not raised by forecasts that were worse than naive, but does not end against them", () => {
    expect(said({}, { forecast: { ...forecast, errorRatio: 1 } })).toBe("hold");
    expect(said({}, { forecast: { ...forecast, errorRatio: 1, lower: 60, predicted: 69 } })).toBe("clear");
    expect(said({ maxErrorRatio: 2 }, { forecast: { ...forecast, errorRatio: 1 } })).toBe("raise");
  });

  it("uses the backtest until enough forecasts were scored, unless set otherwise", () => {
    const unscored = { ...ahead, lower: 92, predicted: 97, upper: 102, errorVersusNaive: 0.9 };
    const noBetter = { ...unscored, errorVersusNaive: 1 };
    expect(said({}, { forecast: unscored })).toBe("raise");
    expect(said({}, { forecast: noBetter })).toBe("hold");
    expect(said({ whenErrorUnknown: "trust" }, { forecast: noBetter })).toBe("raise");
    expect(said({ whenErrorUnknown: "wait" }, { forecast: unscored })).toBe("hold");
  });

  it("does not trust a backtest of a history that is short for the horizon", () => {
    const unscored = { ...forecast, errorRatio: undefined };
    expect(said({}, { forecast: { ...unscored, knownSeconds: 150 } })).toBe("raise");
    expect(said({}, { forecast: { ...unscored, knownSeconds: 149 } })).toBe("hold");
    expect(said({}, { forecast: { ...forecast, knownSeconds: 149 } })).toBe("raise");
  });

  it("is raised by steady growth, whatever the forecast is", () => {
    const low = { ...forecast, lower: 50, predicted: 60 };
    expect(said({}, { isGrowing: true, forecast: low })).toBe("growth");
    expect(said({}, { isGrowing: true, forecast: undefined })).toBe("growth");
    expect(said({}, { isGrowing: true })).toBe("raise");
    expect(said({}, { isGrowing: true, current: 91 })).toBe("level");
  });

  it("is raised near the threshold if the predicted value passes it before the horizon", () => {
    const tooth = { ...forecast, lower: 70, predicted: 80 };
    const within = (seconds: number) => ({ current: 86, forecast: tooth, secondsUntil: () => seconds });
    expect(said({ mostly: 85 }, within(300))).toBe("raise");
    expect(said({ mostly: 85 }, within(301))).toBe("hold");
    expect(said({ mostly: 86 }, within(300))).toBe("hold");
  });

  it("ends on the safe side of the recovery threshold, by forecast and by level", () => {
    const falling = { ...forecast, lower: 65, predicted: 70 };
    expect(said({}, { forecast: falling, current: 69 })).toBe("clear");
    expect(said({}, { forecast: falling, current: 71 })).toBe("hold");
    expect(said({}, { forecast: { ...forecast, lower: 71 }, current: 60 })).toBe("hold");
  });

  it("does not end while the predicted value is beyond recovery, wherever the bound is", () => {
    expect(said({}, { forecast: { ...forecast, lower: 10, predicted: 71 }, current: 60 })).toBe("hold");
    expect(said({}, { forecast: { ...forecast, lower: 10, predicted: 70 }, current: 60 })).toBe("clear");
    const up = { bound: "upper" } as const;
    expect(
      said(up, { forecast: { ...ahead, lower: 10, predicted: 20, upper: 71, errorVersusNaive: 2 } }),
    ).toBe("hold");
  });

  it("works in the other direction for a lower limit", () => {
    const floor = {
      threshold: { value: 0.9, direction: "below" },
      recovery: 0.95,
      bound: "upper",
    } as const;
    const sinking = { ...forecast, lower: 0.7, predicted: 0.8, upper: 0.89 };
    expect(said(floor, { current: 0.95, usual: 0.99, forecast: sinking })).toBe("raise");
    expect(said(floor, { current: 0.98, usual: 0.99, forecast: sinking })).toBe("hold");
    const well = { ...sinking, predicted: 0.955, upper: 0.96 };
    expect(said(floor, { current: 0.96, usual: 0.99, forecast: well })).toBe("clear");
    expect(said(floor, { current: 0.96, usual: 0.99, forecast: { ...well, predicted: 0.94 } })).toBe("hold");
    expect(said(floor, { current: 0.89, usual: 0.89, forecast: undefined })).toBe("level");
  });
});

describe("an alert on a level that does not come back", () => {
  const budget = { nearly: 85, nearlyUnknown: 70, recovery: 85, onItsWay: { beyond: 0 } };
  const safe = { ...ahead, lower: 86, predicted: 87, upper: 89, errorVersusNaive: 0.5 };

  it("is raised near the threshold, unless a trusted forecast excludes that it is passed", () => {
    expect(evidenceOf({ ...condition, ...budget }, { ...reading, current: 86, forecast: undefined })).toEqual(
      {
        signal: "level",
        isPast: false,
      },
    );
    expect(said(budget, { current: 86, forecast: safe })).toBe("hold");
    expect(said(budget, { current: 86, forecast: { ...safe, upper: 91 } })).toBe("level");
    expect(said(budget, { current: 86, forecast: { ...safe, errorRatio: 1 } })).toBe("level");
    expect(said(budget, { current: 85, forecast: { ...safe, errorRatio: 1 } })).toBe("hold");
    expect(said(budget, { current: 71, forecast: undefined })).toBe("level");
    expect(said(budget, { current: 70, forecast: undefined })).toBe("clear");
  });

  it("ends when it starts anew, whatever is predicted", () => {
    const over = { ...ahead, lower: 0, predicted: 200, upper: 300, errorVersusNaive: 0.5 };
    expect(said(budget, { current: 1, forecast: over })).toBe("hold");
    expect(said(budget, { current: 0, forecast: over })).toBe("clear");
  });

  it("is raised by the predicted value when most of the threshold is reached", () => {
    const mostly = { ...budget, mostly: 54 };
    const over = { ...ahead, lower: 70, predicted: 91, upper: 120, errorVersusNaive: 0.5 };
    expect(said(mostly, { current: 55, forecast: over })).toBe("raise");
    expect(said(mostly, { current: 54, forecast: over })).toBe("hold");
    expect(said(mostly, { current: 55, forecast: { ...over, predicted: 90 } })).toBe("hold");
    expect(said(mostly, { current: 55, forecast: { ...over, errorRatio: 1 } })).toBe("hold");
  });
});

describe("an alert on the level", () => {
  it("needs no forecast", () => {
    expect(said({ basis: "level" }, { current: 91, forecast: undefined })).toBe("level");
    expect(said({ basis: "level" }, { current: 90, forecast })).toBe("hold");
    expect(said({ basis: "level" }, { current: 70, forecast })).toBe("clear");
  });
});

describe("an alert on both", () => {
  it("needs the level and the forecast beyond the threshold, and either may end it", () => {
    expect(said({ basis: "both" }, { current: 91 })).toBe("raise");
    expect(said({ basis: "both" }, { current: 89 })).toBe("hold");
    expect(said({ basis: "both" }, { current: 91, forecast: undefined })).toBe("clear");
    expect(said({ basis: "both" }, { current: 70 })).toBe("clear");
    const falling = { ...forecast, lower: 60, predicted: 70 };
    expect(said({ basis: "both" }, { current: 89, forecast: falling })).toBe("clear");
  });
});
