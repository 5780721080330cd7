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

  it("has a forecast for midnight, with an interval", async () => {
    const harness = harnessAt(6);
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, 1));
    const end = 360 * 18;
    expect(await harness.value("forecast_day_end", { ...agent, ...metric })).toBeCloseTo(end, -2);
    const lower = await harness.value("forecast_day_end_lower", { ...agent, ...metric, level: "0.8" });
    const upper = await harness.value("forecast_day_end_upper", { ...agent, ...metric, level: "0.8" });
    // After one hour of history, the lower bound trusts the rate for one hour more.
    expect(lower).toBeCloseTo(360 * 2, -1);
    expect(upper).toBeCloseTo(end, -2);
    await harness.ticks(TICKS_AN_HOUR / 2);
    // After a while without use, the forecast falls.
    expect(await harness.value("forecast_day_end", { ...agent, ...metric })).toBeLessThan(end * 0.7);
  });

  it("is not crossed by a forecast beyond midnight", async () => {
    const harness = harnessAt(22);
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, 1));
    const toThreshold = { ...agent, ...metric };
    expect(await harness.value("forecast_time_to_threshold_seconds", toThreshold)).toBeUndefined();
    expect(await harness.value("forecast_day_end", toThreshold)).toBeCloseTo(720, 0);
  });

  it("restarts at 0 at midnight, and so do its forecasts", async () => {
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

  it("has one time of crossing in all outputs", async () => {
    const harness = harnessAt(6);
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, 1));
    for (const forecast of harness.pipeline.engine.forecasts({ metricName: "ai_cloud_cost_today" })) {
      if (forecast.state !== "ready") throw new Error(forecast.state);
      expect(forecast.timeToThresholdSeconds).toBeCloseTo(6400, -2);
      expect(forecast.recommendation).toContain(
        "goes above its limit of 1000 in about 2 hours, at 08:46 UTC",
      );
    }
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, 2));
    const toThreshold = { ...agent, ...metric };
    expect(await harness.value("forecast_time_to_threshold_seconds", toThreshold)).toBe(0);
  });

  it("is not reported to recover when the day ends", async () => {
    const harness = harnessAt(22);
    await harness.ticks(720 - 30, () => spend(harness, 2));
    const [fiveMinutes, hour] = harness.pipeline.engine.forecasts({ metricName: "ai_cloud_cost_today" });
    if (fiveMinutes?.state !== "ready" || hour?.state !== "ready") throw new Error("not ready");
    expect(fiveMinutes.recommendation).toContain("starts from 0 at midnight and comes to 0 within 5 minutes");
    expect(hour.recommendation).toBe(
      "The daily cost of planner starts from 0 at midnight and comes to 660 within 1 hour and is already above its limit of 1000: " +
        "look for a loop, take work off or raise its budget now.",
    );
    await harness.ticks(30, () => spend(harness, 2));
    for (const forecast of harness.pipeline.engine.forecasts({ metricName: "ai_cloud_cost_today" }))
      expect(forecast).toMatchObject({ recommendation: expect.stringContaining("rises from") });
  });

  it("has an alert before it is crossed, once enough history supports the forecast", async () => {
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
    expect(alert?.predictedValue).toBeCloseTo(6480, -2);
    expect(alert?.timeToThresholdSeconds).toBeCloseTo(4800, -2);
    expect(alert?.description).toBe(
      "ai_cloud_cost_today of planner is 520 and forecast to be 6500 (1030 to 6500) within 17 hours; " +
        "above its limit of 1000 in about 1.5 hours, at 08:46 UTC: look for a loop, take work off or raise its budget.",
    );
    expect(await harness.value("forecast_alert_state", { ...agent, horizon: "midnight" })).toBe(3);
    // A budget that would be used up after midnight is not exceeded today.
    const late = harnessAt(22, alerts);
    await late.ticks(520, () => spend(late, 1));
    expect(late.pipeline.alerting.alerts({ name: "Budget" })).toMatchObject([{ state: "inactive" }]);
  });

  it("is forecast again right after the process was suspended for days", async () => {
    const harness = harnessAt(6);
    await harness.ticks(40, () => spend(harness, 1));
    expect(await harness.value("forecast_day_end", { ...agent, ...metric })).toBeGreaterThan(40);
    harness.world.millis += 50 * HOUR;
    await harness.ticks(1, () => spend(harness, 1));
    expect(await harness.value("forecast_ready", { ...agent, ...metric })).toBe(1);
    // It is 8:07, and of the new day one has been used.
    const dayEnd = await harness.value("forecast_day_end", { ...agent, ...metric });
    expect(dayEnd).toBeGreaterThan(1);
    expect(dayEnd).toBeLessThan(1 + 16 * 360);
  });

  it("can be a gauge of the application, in a time zone", async () => {
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

  it("is forecast past midnight also when the timer of a busy process is late", async () => {
    const harness = harnessAt(22.5, "views: [{ instrument: shop.spent, number: level, dailyTotal: true }]");
    const { world } = harness;
    const spent = harness.application().getMeter("shop").createGauge("shop.spent");
    const midnight = Date.UTC(2026, 0, 2);
    for (let tick = 1; tick <= 546; tick++) {
      // Ten milliseconds more each time: the last sample before midnight lies in the slot that
      // begins then.
      spent.record(world.millis + 10_010 < midnight ? 1000 + tick : tick - 539);
      world.millis += 10_010 - harness.pipeline.options.collectionIntervalMillis;
      await harness.ticks(1);
    }
    expect(await harness.value("shop_spent_predicted", { horizon: "1h" })).toBeCloseTo(7 + 360, -1);
  });

  it("has forecasts within the bounds of its view, which apply to one day", async () => {
    const view =
      "{ instrument: shop.spent, number: level, dailyTotal: true, bounds: { lower: 0, upper: 2000 } }";
    const harness = harnessAt(23, `views: [${view}]`);
    const spent = harness.application().getMeter("shop").createGauge("shop.spent");
    await harness.ticks(TICKS_AN_HOUR - 1, (tick) => spent.record(1800 + tick / 2));
    await harness.ticks(TICKS_AN_HOUR, (tick) => spent.record(tick / 2));
    expect(await harness.value("shop_spent_predicted", { horizon: "1h" })).toBeCloseTo(360, -1);
    expect(await harness.value("forecast_day_end", { metric: "shop_spent" })).toBe(2000);
  });

  it("is rejected for metrics that are not levels", () => {
    const view = "views: [{ instrument: shop.sales, number: rate, dailyTotal: true }]";
    expect(() => harnessAt(0, view)).toThrow(
      '"views.0.dailyTotal": must be left out unless the number is level',
    );
  });
});
