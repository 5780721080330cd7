import fc from "fast-check";
import { expect, it } from "vitest";
import { textsOf } from "../../src/advice/forecast-texts.ts";
import { whenInWords, writerOf } from "../../src/advice/human-units.ts";
import { isPast } from "../../src/advice/time-to-threshold.ts";
import type { Alert } from "../../src/alerts/alert.ts";
import type { ReadyForecast } from "../../src/core/forecast.ts";
import type { ForecastView } from "../../src/views/forecast-view.ts";
import { Harness, MINUTE, World } from "../run/harness.ts";

const METRIC = "load";
const HORIZONS = ["5m", "1h", "1d"];

interface Course {
  readonly method: string;
  readonly isDailyTotal: boolean;
  readonly hour: number;
  readonly slope: number;
  readonly curve: number;
  readonly wave: number;
  readonly threshold: number;
  readonly other: number;
  readonly horizon: string;
  readonly direction: "above" | "below";
}

const courses: fc.Arbitrary<Course> = fc.record({
  method: fc.constantFrom("linear-trend", "damped-holt", "naive", "auto"),
  isDailyTotal: fc.boolean(),
  hour: fc.integer({ min: 0, max: 22 }),
  slope: fc.double({ min: -3, max: 3, noNaN: true }),
  curve: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
  wave: fc.double({ min: 0, max: 20, noNaN: true }),
  threshold: fc.double({ min: -50, max: 500, noNaN: true }),
  other: fc.double({ min: -50, max: 500, noNaN: true }),
  horizon: fc.constantFrom(...HORIZONS),
  direction: fc.constantFrom("above", "below"),
});

/**
 * A pipeline after an hour of a series, with a threshold, an alert on the same threshold and an
 * alert on another one.
 */
async function harnessAfter(course: Course): Promise<Harness> {
  const { isDailyTotal, slope, curve, wave, threshold, other, horizon, direction } = course;
  const view: ForecastView = {
    instruments: [METRIC],
    by: "all",
    outputs: [{ name: METRIC, number: "level", isDailyTotal, isPublished: true, isForecast: true }],
  };
  const rule = { metric: METRIC, horizon, bound: "predicted", onItsWay: { share: 0 } } as const;
  const limit = (value: number) => (direction === "above" ? { above: value } : { below: value });
  const world = new World();
  world.millis += course.hour * 60 * MINUTE;
  const harness = new Harness(
    {
      method: course.method,
      horizons: HORIZONS,
      collectionIntervalMillis: MINUTE,
      views: [view],
      thresholds: { [METRIC]: limit(threshold) },
      alerts: [
        { ...rule, name: "Same", threshold: limit(threshold) },
        { ...rule, name: "Other", threshold: limit(other) },
      ],
    },
    world,
  );
  const gauge = harness.application().getMeter("app").createGauge(METRIC);
  let total = 0;
  await harness.ticks(60, (minute) => {
    const step = slope + curve * minute + wave * Math.sin(minute / 3) * 0.3;
    total += isDailyTotal ? Math.abs(step) : step;
    gauge.record(total);
  });
  return harness;
}

function alertOf({ pipeline }: Harness, name: string): Alert {
  const [alert] = pipeline.alerting.alerts({ name, metricName: METRIC });
  if (alert === undefined) throw new Error(`no alert ${name}`);
  return alert;
}

/** The prediction beside its limit, as an alert shows it. */
function valueInWords({ current, predictedValue: predicted, lower, upper, threshold }: Alert): string {
  const numbers = { current, predicted, lower, upper, limit: threshold.value };
  return textsOf(numbers, writerOf({ metricName: METRIC })).predicted;
}

/** The prediction with the digits that its interval supports, or that show its side of the limit. */
function predictionInWords(forecast: ReadyForecast, { current, threshold }: Alert, showsLimit: boolean) {
  const { predictedValue: predicted, lower, upper } = forecast;
  const limit = showsLimit ? threshold.value : undefined;
  return textsOf(
    { current, predicted, lower, upper, limit, showsChange: true },
    writerOf({ metricName: METRIC }),
  ).predicted;
}

it("gives the same times and numbers in gauges, forecasts, recommendations and alerts", async () => {
  await fc.assert(
    fc.asyncProperty(courses, async (course) => {
      const harness = await harnessAfter(course);
      const seconds = await harness.value("forecast_time_to_threshold_seconds", { metric: METRIC });
      const same = alertOf(harness, "Same");
      expect(same.timeToThresholdSeconds).toBe(seconds);
      for (const forecast of harness.pipeline.engine.forecasts({ metricName: METRIC })) {
        if (forecast.state !== "ready") throw new Error(forecast.state);
        expect(forecast.timeToThresholdSeconds).toBe(seconds);
        if (seconds !== undefined && seconds > 0)
          expect(forecast.recommendation).toContain(whenInWords(seconds, forecast.at));
        if (forecast.trend !== "stable")
          expect(forecast.recommendation).toContain(predictionInWords(forecast, same, seconds !== undefined));
      }
      const [own] = harness.pipeline.engine.forecasts({
        metricName: METRIC,
        horizonSeconds: same.horizonSeconds,
      });
      const horizon = { horizon: course.horizon };
      const { predictedValue, lower, upper } = same;
      expect(own).toMatchObject({ predictedValue, lower, upper });
      expect(await harness.value("load_predicted", horizon)).toBe(predictedValue);
      expect(await harness.value("load_predicted_lower", horizon)).toBe(lower);
      expect(await harness.value("load_predicted_upper", horizon)).toBe(upper);
      if (same.state === "firing") {
        expect(same.description).toContain(`forecast to be ${valueInWords(same)} (`);
        const when = seconds === undefined ? "after midnight" : whenInWords(seconds, same.at);
        const isHeading = same.passedAt === undefined && isPast(predictedValue as number, same.threshold);
        if (seconds === 0) expect(same.description).toContain(`, ${course.direction} its limit of `);
        else if (isHeading) expect(same.description).toContain(when);
      }
    }),
    { numRuns: 40 },
  );
});

it("gives a later time for a further threshold, and none beyond a horizon whose forecast is past it", async () => {
  await fc.assert(
    fc.asyncProperty(courses, async (course) => {
      const harness = await harnessAfter(course);
      const [same, other] = [alertOf(harness, "Same"), alertOf(harness, "Other")];
      const side = course.direction === "above" ? 1 : -1;
      const [near, far] =
        side * (other.threshold.value - same.threshold.value) > 0 ? [same, other] : [other, same];
      if (far.timeToThresholdSeconds !== undefined)
        expect(near.timeToThresholdSeconds).toBeLessThanOrEqual(far.timeToThresholdSeconds);
      for (const { predictedValue = 0, threshold, timeToThresholdSeconds, horizonSeconds, at } of [
        near,
        far,
      ]) {
        const isToday = new Date(at).getUTCDate() === new Date(at + horizonSeconds * 1000).getUTCDate();
        if (side * (predictedValue - threshold.value) <= 0 || (course.isDailyTotal && !isToday)) continue;
        expect(timeToThresholdSeconds).toBeLessThanOrEqual(horizonSeconds);
      }
    }),
    { numRuns: 40 },
  );
});
