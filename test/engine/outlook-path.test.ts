import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DailyTotalKind } from "../../src/engine/daily-total-kind.ts";
import type { OutlookModel } from "../../src/engine/outlook-model.ts";
import type { PathPoint } from "../../src/engine/outlook-path.ts";
import { LevelKind, type SeriesKind } from "../../src/engine/series-kind.ts";
import { dayEndOf, outlookAt, SeriesOutlook } from "../../src/engine/series-outlook.ts";
import { Harness, MINUTE, SECOND, World } from "../run/harness.ts";

const now = Date.UTC(2026, 0, 1, 22);
const HOUR = 60 * MINUTE;
const latest = { at: now, value: 10 };

/** A model of known means, by the minutes from now. Its steps are half a step off the full minutes. */
function modelOf(mean: (minutes: number) => number, stepMillis = MINUTE): OutlookModel {
  const meanAt = (at: number): number => mean((at - now) / MINUTE);
  const predictAt = (at: number) => {
    const it = meanAt(at);
    return { mean: it, lower80: it - 1, upper80: it + 2, lower95: it - 2, upper95: it + 4 };
  };
  return {
    ...{ method: "known", errorVersusNaive: 1, stepMillis, meanAt, predictAt },
    stepAfter: (at) => (Math.floor((at - stepMillis / 2) / stepMillis) + 1.5) * stepMillis,
  };
}

function outlookOf(kind: SeriesKind, horizons: readonly [minutes: number, model: OutlookModel][]) {
  const last = horizons.at(-1)?.[1];
  return new SeriesOutlook(
    kind,
    latest,
    horizons.map(([minutes, model]) =>
      outlookAt(kind, latest, { label: `${minutes}m`, seconds: minutes * 60 }, model),
    ),
    last && dayEndOf(kind, latest, last),
  );
}

/** The points of a path: the minutes from now, and the prediction. */
function drawn(path: Iterable<PathPoint>): [number, number][] {
  return Array.from(path, ({ at, predicted }) => [(at - now) / MINUTE, predicted]);
}

describe("the path of a level", () => {
  it("has the steps of the model of each horizon up to it, and the forecast at the horizon", () => {
    const near = modelOf((minutes) => 100 + minutes);
    const far = modelOf((minutes) => 200 + minutes, 2 * MINUTE);
    const outlook = outlookOf(new LevelKind({}), [
      [3, near],
      [8, far],
    ]);
    expect(drawn(outlook.path())).toEqual([
      [0.5, 100.5],
      [1.5, 101.5],
      [2.5, 102.5],
      [3, 103],
      [5, 205],
      [7, 207],
      [8, 208],
    ]);
  });

  it("has the bounds of each step", () => {
    const outlook = outlookOf(new LevelKind({}), [[1, modelOf(() => 5)]]);
    expect([...outlook.path()]).toEqual([
      { at: now + MINUTE / 2, predicted: 5, lower: 4, upper: 7 },
      { at: now + MINUTE, predicted: 5, lower: 4, upper: 7 },
    ]);
  });

  it("is empty without a forecast", () => {
    expect([...outlookOf(new LevelKind({}), []).path()]).toEqual([]);
  });
});

describe("the path of a total of the day", () => {
  it("leads through midnight, and begins at 0 again after it", () => {
    const outlook = outlookOf(new DailyTotalKind({}, undefined), [
      [150, modelOf((minutes) => minutes, 30 * MINUTE)],
    ]);
    const path = drawn(outlook.path()).map(([minutes, value]) => [minutes, Math.round(value)]);
    expect(path).toEqual([
      [15, 25],
      [45, 55],
      [75, 85],
      [105, 115],
      [120 - 1 / MINUTE, 130],
      [135, 15],
      [150, 30],
    ]);
  });

  it("ends at midnight if the longest horizon ends before", () => {
    const outlook = outlookOf(new DailyTotalKind({}, undefined), [[60, modelOf((minutes) => minutes, HOUR)]]);
    expect(drawn(outlook.path()).map(([minutes]) => Math.round(minutes))).toEqual([30, 60, 90, 120]);
  });
});

describe("the path of a series of the engine", () => {
  const courses = fc.record({
    method: fc.constantFrom("linear-trend", "damped-holt", "naive", "auto"),
    isDailyTotal: fc.boolean(),
    slope: fc.double({ min: -3, max: 3, noNaN: true }),
    wave: fc.double({ min: 0, max: 20, noNaN: true }),
    ticks: fc.integer({ min: 14, max: 80 }),
  });

  it("agrees to the last bit with the published forecasts at all horizons, and rises in time", async () => {
    await fc.assert(
      fc.asyncProperty(courses, async ({ method, isDailyTotal, slope, wave, ticks }) => {
        const harness = new Harness({
          method,
          horizons: ["1m", "5m", "1h", "1d"],
          collectionIntervalMillis: MINUTE,
          views: [
            {
              instruments: ["load"],
              by: "all",
              outputs: [{ name: "load", number: "level", isDailyTotal, isPublished: true, isForecast: true }],
            },
          ],
        });
        const gauge = harness.application().getMeter("app").createGauge("load");
        let value = 100;
        await harness.ticks(ticks, (tick) => {
          const step = slope + wave * Math.sin(tick / 3);
          value += isDailyTotal ? Math.abs(step) : step;
          gauge.record(value);
        });
        const [forecaster] = [...harness.pipeline.engine.forecasters].filter(
          ({ plan }) => plan.key.metric === "load",
        );
        const path = [...(forecaster?.outlook?.path() ?? [])];
        const at = forecaster?.outlook?.latest.at as number;
        for (const [horizon, seconds] of [
          ["1m", 60],
          ["5m", 300],
          ["1h", 3600],
          ["1d", 86_400],
        ] as const) {
          const point = path.find((it) => it.at === at + seconds * SECOND);
          expect(point?.predicted).toBe(await harness.value("load_predicted", { horizon }));
          expect(point?.lower).toBe(await harness.value("load_predicted_lower", { horizon }));
          expect(point?.upper).toBe(await harness.value("load_predicted_upper", { horizon }));
        }
        for (const [index, point] of path.entries()) {
          expect(point.at).toBeGreaterThan(path[index - 1]?.at ?? at);
          expect(point.lower).toBeLessThanOrEqual(point.predicted);
          expect(point.upper).toBeGreaterThanOrEqual(point.predicted);
        }
        expect(path.at(-1)?.at).toBe(at + 86_400 * SECOND);
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it("covers each minute of the next hour, of a series of seconds", async () => {
    const harness = new Harness(
      { horizons: ["5m", "1h"], collectionIntervalMillis: 10 * SECOND },
      new World(),
    );
    const gauge = harness.application().getMeter("app").createGauge("load");
    await harness.ticks(60, (tick) => gauge.record(tick));
    const [forecaster] = [...harness.pipeline.engine.forecasters].filter(
      ({ plan }) => plan.key.metric === "load",
    );
    const at = forecaster?.outlook?.latest.at as number;
    const minutes = Array.from(forecaster?.outlook?.path() ?? [], (point) =>
      Math.floor((point.at - at) / MINUTE),
    );
    expect(new Set(minutes).size).toBe(61);
    expect(minutes.length).toBeGreaterThanOrEqual(360);
  });
});
