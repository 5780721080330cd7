import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import { Harness, World } from "./harness.ts";

const agent = { agent: "planner" };
const metric = { metric: "ai_cloud_cost_today" };
const HOUR = 3_600_000;
const TICKS_AN_HOUR = 360;
/** One token costs 1. */
const configuration = `
prices: [{ model: m, input: 1000000, output: 1000000 }]
thresholds: { ai_cloud_cost_today: { above: 1000 } }
`;

function harnessAt(hour: number, more = ""): Harness {
  const world = new World();
  world.millis += hour * HOUR;
  const options = { configFile: "f.yaml", method: "auto", horizons: ["5m", "1h"] };
  return new Harness(options, world, `${configuration}${more}`);
}

function spend({ pipeline }: Harness, tokens: number): void {
  pipeline.instruments.consumption.tokensUsed("planner", { input: tokens, output: 0, cachedInput: 0 }, "m");
}

describe("a daily budget of an agent that uses 360 an hour", () => {
  it("is forecast from the first minutes on", async () => {
    const harness = harnessAt(6);
    await harness.ticks(18, () => spend(harness, 1));
    expect(await harness.value("ai_cloud_cost_today", agent)).toBe(18);
    const predicted = (horizon: string): Promise<number | undefined> =>
      harness.value("ai_cloud_cost_today_predicted", { ...agent, horizon });
    expect(await predicted("5m")).toBeCloseTo(18 + 30, 3);
    expect(await predicted("1h")).toBeCloseTo(18 + 360, 3);
    const seconds = await harness.value("forecast_time_to_threshold_seconds", { ...agent, ...metric });
    expect(seconds).toBeCloseTo(9820, -1);
  });

  it("is known by what the day ends with", async () => {
    const harness = harnessAt(6);
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, 1));
    const end = 360 * 18;
    expect(await harness.value("forecast_day_end", { ...agent, ...metric })).toBeCloseTo(end, -1);
    const lower = await harness.value("forecast_day_end_lower", { ...agent, ...metric, level: "0.8" });
    const upper = await harness.value("forecast_day_end_upper", { ...agent, ...metric, level: "0.8" });
    // That it goes on as it has for an hour is relied on for one hour more.
    expect(lower).toBeCloseTo(360 * 2, -1);
    expect(upper).toBeCloseTo(end, -1);
    await harness.ticks(TICKS_AN_HOUR / 2);
    // Of what nobody goes on using no more is forecast after a while.
    expect(await harness.value("forecast_day_end", { ...agent, ...metric })).toBeLessThan(end * 0.7);
  });

  it("is not passed any more by what would take until after midnight", async () => {
    const harness = harnessAt(22);
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, 1));
    const toThreshold = { ...agent, ...metric };
    expect(await harness.value("forecast_time_to_threshold_seconds", toThreshold)).toBeUndefined();
    expect(await harness.value("forecast_day_end", toThreshold)).toBeCloseTo(720, 0);
  });

  it("begins anew at midnight, and so do its forecasts", async () => {
    const harness = harnessAt(23);
    await harness.ticks(TICKS_AN_HOUR - 6, () => spend(harness, 1));
    const predicted = (horizon: string): Promise<number | undefined> =>
      harness.value("ai_cloud_cost_today_predicted", { ...agent, horizon });
    expect(await predicted("5m")).toBeCloseTo(24, 0);
    await harness.ticks(TICKS_AN_HOUR / 2, () => spend(harness, 1));
    expect(await harness.value("ai_cloud_cost_today", agent)).toBe(174);
    expect(await predicted("5m")).toBeCloseTo(174 + 30, 0);
    expect(await predicted("1h")).toBeCloseTo(174 + 360, 0);
  });

  it("is passed in that time, whoever asks", async () => {
    const harness = harnessAt(6);
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, 1));
    for (const forecast of harness.pipeline.engine.forecasts({ metricName: "ai_cloud_cost_today" })) {
      if (forecast.state !== "ready") throw new Error(forecast.state);
      expect(forecast.timeToThresholdSeconds).toBeCloseTo(6400, -1);
      expect(forecast.recommendation).toContain(
        "goes above its limit of 1000 in about 2 hours, at 08:46 UTC",
      );
    }
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, 2));
    const toThreshold = { ...agent, ...metric };
    expect(await harness.value("forecast_time_to_threshold_seconds", toThreshold)).toBe(0);
  });

  it("is not said to be on its way back when it is the day that ends", async () => {
    const harness = harnessAt(22);
    await harness.ticks(720 - 30, () => spend(harness, 2));
    const [fiveMinutes, hour] = harness.pipeline.engine.forecasts({ metricName: "ai_cloud_cost_today" });
    if (fiveMinutes?.state !== "ready" || hour?.state !== "ready") throw new Error("not ready");
    expect(fiveMinutes.recommendation).toContain("begins anew at midnight and comes to 0 within 5 minutes");
    expect(hour.recommendation).toBe(
      "The daily cost of planner begins anew at midnight and comes to 660 within 1 hour and is already above its limit of 1000: " +
        "look for a loop, take work off or raise its budget now.",
    );
    await harness.ticks(30, () => spend(harness, 2));
    for (const forecast of harness.pipeline.engine.forecasts({ metricName: "ai_cloud_cost_today" }))
      expect(forecast).toMatchObject({ recommendation: expect.stringContaining("rises from") });
  });

  it("is alerted on before it is passed, as soon as it was used for long enough to rely on that", async () => {
    const alerts = "alerts: [{ name: Budget, metric: ai_cloud_cost_today, threshold: { above: 1000 } }]";
    const harness = harnessAt(6, alerts);
    const budget = (): Alert | undefined => harness.pipeline.alerting.alerts({ name: "Budget" })[0];
    await harness.ticks(400, () => spend(harness, 1));
    expect(budget()).toMatchObject({
      state: "inactive",
      current: 400,
      summary: "ai_cloud_cost_today of planner has a limit of 1000",
    });
    await harness.ticks(120, () => spend(harness, 1));
    const alert = budget();
    expect(alert).toMatchObject({ state: "firing", agentName: "planner", current: 520 });
    expect(alert?.horizonSeconds).toBeCloseTo(18 * 3600 - 5200, 6);
    expect(alert?.predictedValue).toBeCloseTo(6480, 0);
    expect(alert?.timeToThresholdSeconds).toBeCloseTo(4800, 0);
    expect(alert?.description).toBe(
      "ai_cloud_cost_today of planner is 520 and forecast to be 6480 (1032 to 6480) within 17 hours; " +
        "above its limit of 1000 in about 1.5 hours, at 08:46 UTC: look for a loop, take work off or raise its budget.",
    );
    expect(await harness.value("forecast_alert_state", { ...agent, horizon: "midnight" })).toBe(3);
    // What is used up after midnight is no matter of today.
    const late = harnessAt(22, alerts);
    await late.ticks(520, () => spend(late, 1));
    expect(late.pipeline.alerting.alerts({ name: "Budget" })).toMatchObject([{ state: "inactive" }]);
  });

  it("is not told of while nothing can be said, after the process was paused for days", async () => {
    const harness = harnessAt(6);
    await harness.ticks(40, () => spend(harness, 1));
    expect(await harness.value("forecast_day_end", { ...agent, ...metric })).toBeGreaterThan(40);
    harness.world.millis += 50 * HOUR;
    await harness.ticks(1, () => spend(harness, 1));
    expect(await harness.value("forecast_ready", { ...agent, ...metric })).toBe(0);
    expect(await harness.namesWith("metric", metric.metric)).toEqual(["forecast_ready"]);
  });

  it("can be a gauge of the application's, by the clock of a time zone", async () => {
    const view = "views: [{ instrument: shop.spent, number: level, dailyTotal: true, timeZone: Asia/Tokyo }]";
    // Midnight in Tokyo is 15:00 UTC.
    const harness = harnessAt(13, view);
    const spent = harness.application().getMeter("shop").createGauge("shop.spent");
    await harness.ticks(TICKS_AN_HOUR, (tick) => spent.record(tick + 1));
    expect(await harness.value("forecast_day_end", { metric: "shop_spent" })).toBeCloseTo(720, 0);
    expect(await harness.value("shop_spent_predicted", { horizon: "5m" })).toBeCloseTo(390, 0);
    await harness.ticks(TICKS_AN_HOUR / 2, (tick) => spent.record(361 + tick));
    // Half an hour of the next day.
    expect(await harness.value("shop_spent_predicted", { horizon: "1h" })).toBeCloseTo(180, 0);
  });

  it("is forecast past midnight also where the timer of a busy process lags behind its slots", async () => {
    const harness = harnessAt(22.5, "views: [{ instrument: shop.spent, number: level, dailyTotal: true }]");
    const { world } = harness;
    const spent = harness.application().getMeter("shop").createGauge("shop.spent");
    const midnight = Date.UTC(2026, 0, 2);
    for (let tick = 1; tick <= 546; tick++) {
      // Ten milliseconds more each time: the last sample before midnight lies in the slot that begins then.
      spent.record(world.millis + 10_010 < midnight ? 1000 + tick : tick - 539);
      world.millis += 10_010 - harness.pipeline.options.collectionIntervalMillis;
      await harness.ticks(1);
    }
    expect(await harness.value("shop_spent_predicted", { horizon: "1h" })).toBeCloseTo(7 + 360, -1);
  });

  it("lies within the bounds of its view, which are those of one day", async () => {
    const view =
      "{ instrument: shop.spent, number: level, dailyTotal: true, bounds: { lower: 0, upper: 2000 } }";
    const harness = harnessAt(23, `views: [${view}]`);
    const spent = harness.application().getMeter("shop").createGauge("shop.spent");
    await harness.ticks(TICKS_AN_HOUR - 1, (tick) => spent.record(1800 + tick / 2));
    await harness.ticks(TICKS_AN_HOUR, (tick) => spent.record(tick / 2));
    expect(await harness.value("shop_spent_predicted", { horizon: "1h" })).toBeCloseTo(360, -1);
    expect(await harness.value("forecast_day_end", { metric: "shop_spent" })).toBe(2000);
  });

  it("is refused of what is no level", () => {
    const view = "views: [{ instrument: shop.sales, number: rate, dailyTotal: true }]";
    expect(() => harnessAt(0, view)).toThrow(
      '"views.0.dailyTotal": must be left out unless the number is level',
    );
  });
});
