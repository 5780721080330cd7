import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import type { AlertRule } from "../../src/alerts/entries.ts";
import type { ForecastOptions } from "../../src/config/options.ts";
import { Harness, MINUTE, World } from "../run/harness.ts";

const HOUR = 60 * MINUTE;
const rule: AlertRule = { name: "Limit", metric: "m_level", threshold: { above: 90 }, actions: ["note"] };

/** Instruments of an application, and prices: a token costs 1. */
const CONFIGURATION = `
views: [{ instrument: m.level, number: level, bounds: { lower: 0 } }]
prices: [{ model: m, input: 1000000, output: 1000000 }]
`;

/** An alert with the default settings, its states, and what its action was told. */
class TimeLine {
  readonly told: Alert[] = [];
  readonly #harness: Harness;
  readonly #level: { record(value: number): void };

  /** It begins at ten in the morning, so that the day has time left. */
  constructor(over: Partial<AlertRule> = {}, options: ForecastOptions = {}, hour = 10) {
    const world = new World();
    world.millis += hour * HOUR;
    const note = {
      run: (alert: Alert) => this.told.push(alert),
      effect: "protect",
      mode: "act",
      onResolved: true,
    } as const;
    const usual = { configFile: "f.yaml", method: "auto", horizons: ["5m", "1h"] } as const;
    const alerting = { alerts: [{ ...rule, ...over }], actions: { note } };
    this.#harness = new Harness({ ...usual, ...alerting, ...options }, world, CONFIGURATION);
    this.#level = this.#harness.application().getMeter("app").createGauge("m.level");
  }

  /** The alert after each value of the level, ten seconds apart. */
  run(values: readonly number[]): Promise<Alert[]> {
    return this.#each(values, (value) => this.#level.record(value));
  }

  /** The alert after each cost of the agent `burst`, ten seconds apart. */
  spend(costs: readonly number[]): Promise<Alert[]> {
    const { consumption } = this.#harness.pipeline.instruments;
    return this.#each(costs, (cost) => {
      if (cost > 0) consumption.tokensUsed("burst", { input: cost, output: 0, cachedInput: 0 }, "m");
    });
  }

  /** The values of a metric that are published now. */
  async shown(name: string): Promise<unknown[]> {
    return ((await this.#harness.shown()).get(name) ?? []).map(({ value }) => value);
  }

  async #each(values: readonly number[], act: (value: number) => void): Promise<Alert[]> {
    const alerts: Alert[] = [];
    for (const value of values) {
      await this.#harness.ticks(1, () => act(value));
      alerts.push(...this.#harness.pipeline.alerting.alerts({}));
    }
    return alerts;
  }
}

function times<Value>(count: number, of: (index: number) => Value): Value[] {
  return Array.from({ length: count }, (_, index) => of(index));
}

/** A saw: it rises from 20 by 2 at each collection, and falls back to 20 after `top`. */
function saw(top: number, count: number): number[] {
  return times(count, (index) => 20 + ((2 * index) % (top - 18)));
}

/** What every time line must show, for a limit of 90 above. */
function expectHonest(alerts: readonly Alert[]): void {
  for (const [index, alert] of alerts.entries()) {
    if (alert.current > 90) expect(alert.state).toBe("firing");
    if (alert.state !== "resolved" || alerts[index - 1]?.state !== "firing") continue;
    expect(alert.current).toBeLessThanOrEqual(alert.recovery);
    expect(alert.predictedValue ?? 0).toBeLessThanOrEqual(alert.recovery);
    expect(alert.description).toMatch(
      alert.passedAt === undefined ? /^The limit was not reached: / : /^Back below its limit: /,
    );
  }
}

const states = (alerts: readonly Alert[]): string[] => alerts.map(({ state }) => state);

describe("a level beyond its threshold from the first sample on", () => {
  it("fires at the first sample, without a forecast", async () => {
    const line = new TimeLine();
    const [first] = await line.run([95, 95, 95]);
    expect(first).toMatchObject({ state: "firing", cause: "level", current: 95 });
    expect(first?.predictedValue).toBeUndefined();
    expect(first?.description).toBe(
      "m_level of the system is 95, above its limit of 90: check that this is expected.",
    );
    expect(states(line.told)).toEqual(["firing"]);
  });

  it("waits for the duration of `for` where the rule has one", async () => {
    expect(states(await new TimeLine({ for: "20s" }).run([95, 95, 95]))).toEqual([
      "pending",
      "pending",
      "firing",
    ]);
  });
});

describe("growth through the limit", () => {
  it("fires before, says that the limit was passed, and for how long when it is over", async () => {
    const line = new TimeLine();
    const alerts = await line.run(times(170, (index) => 20 + index / 2));
    expectHonest(alerts);
    const [heading, passed] = line.told;
    expect(heading).toMatchObject({ state: "firing", cause: "forecast" });
    expect(heading?.passedAt).toBeUndefined();
    expect(heading?.current).toBeLessThan(85);
    expect(heading?.description).toContain("above its limit of 90 in about");
    expect(passed).toMatchObject({
      state: "firing",
      cause: "forecast",
      current: 90.5,
      firedAt: heading?.firedAt,
    });
    expect(passed?.passedAt).toBe(passed?.at);
    expect(passed?.description).toMatch(
      /^Passed: m_level of the system is 90\.5, above its limit of 90, and forecast/,
    );

    expectHonest(await line.run(times(100, () => 30)));
    expect(states(line.told)).toEqual(["firing", "firing", "resolved"]);
    // From 90.5 at 1420 s to 104.5 at 1700 s, and until the next sample.
    expect(line.told[2]).toMatchObject({ passedSeconds: 290 });
    expect(line.told[2]?.description).toMatch(
      /^Back below its limit: m_level of the system is 30, and was above its limit of 90 for 5 minutes; it is forecast to be/,
    );
  });

  it("is noticed where it is exponential: a queue from 4 to 1901", async () => {
    const line = new TimeLine({ threshold: { above: 200 } });
    const alerts = await line.run(times(127, (index) => 4 * 1.05 ** index));
    expect(alerts.filter(({ current, state }) => current > 200 && state !== "firing")).toEqual([]);
    expect(line.told[0]?.current).toBeLessThan(200);
  });

  it("is noticed out of calm, where the forecast does not follow it", async () => {
    const line = new TimeLine({}, { method: "naive" });
    expectHonest(await line.run([...times(60, () => 5), ...times(70, (index) => 5 + 2 * index)]));
    expect(states(line.told)).toEqual(["firing", "firing"]);
    const [growing, passed] = line.told;
    expect(growing).toMatchObject({ state: "firing", cause: "growth" });
    expect(growing?.current).toBeLessThan(75);
    expect(growing?.description).toMatch(
      /^m_level of the system is \d+ and rises steadily; at this pace it is above its limit of 90 in about/,
    );
    expect(passed?.description).toMatch(/^Passed: /);
  });

  it("is not swallowed by a forecast that says that the level will come back", async () => {
    const line = new TimeLine({}, { method: "naive" });
    const alerts = await line.run(times(100, (index) => 45 + index / 2));
    expectHonest(alerts);
    expect(line.told).toMatchObject([{ state: "firing", cause: "level", current: 90.5 }]);
  });
});

describe("a sawtooth", () => {
  it("below the limit gives at most one warning, whose end says that the limit was not reached", async () => {
    const line = new TimeLine();
    expectHonest(await line.run(saw(88, 400)));
    expect(states(line.told)).toEqual(["firing", "resolved"]);
    expect(line.told[1]?.description).toMatch(/^The limit was not reached: m_level of the system is/);
  });

  it("just above the limit fires each time that the limit is passed", async () => {
    const line = new TimeLine();
    expectHonest(await line.run(saw(94, 400)));
    expect(line.told.some(({ state, passedAt }) => state === "resolved" && passedAt !== undefined)).toBe(
      true,
    );
  });
});

describe("a burst", () => {
  it("fires at its first sample, also right after another one, in a cooldown of an hour", async () => {
    const line = new TimeLine({ cooldown: "1h", keepFiringFor: "30s" });
    const quiet = times(60, () => 30);
    const burst = [95, 95, 95];
    expectHonest(await line.run([...quiet, ...burst, ...quiet, ...burst, ...quiet]));
    expect(states(line.told)).toEqual(["firing", "resolved", "firing", "resolved"]);
    expect(line.told[0]).toMatchObject({ current: 95, cause: "level" });
    expect(line.told[3]?.description).toContain("was above its limit of 90 for 30 seconds");
  });

  it("does not end a warning that the forecast still gives", async () => {
    const line = new TimeLine();
    await line.run(times(120, (index) => 20 + index / 2));
    const alerts = await line.run([...times(3, () => 40), ...times(30, (index) => 80 + index / 4)]);
    expectHonest(alerts);
    expect(states(line.told)).toEqual(["firing"]);
  });
});

describe("any level", () => {
  it("fires while it is beyond the limit, and ends only when level and forecast are back", async () => {
    const stretch = fc.record({
      from: fc.integer({ min: 0, max: 120 }),
      step: fc.integer({ min: -4, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { minLength: 3, maxLength: 6 }), async (stretches) => {
        const line = new TimeLine({ keepFiringFor: "30s" }, { method: "linear-trend", horizons: ["1m"] });
        const values = stretches.flatMap(({ from, step }) =>
          times(20, (index) => Math.max(0, from + step * index)),
        );
        expectHonest(await line.run(values));
      }),
      { numRuns: 25 },
    );
  });
});

describe("the budget of an agent that spends in bursts", () => {
  const budget = { metric: "ai_cloud_cost_today", threshold: { above: 500 } };
  const idle = (minutes: number): number[] => times(6 * minutes, () => 0);
  /** Half a minute of 10 an interval, in each of some periods of ten minutes. */
  const bursts = (count: number): number[] =>
    times(count, () => [...times(3, () => 10), ...times(57, () => 0)]).flat();

  it("is not over while it is nearly used and the agent is idle", async () => {
    const line = new TimeLine(budget);
    // 15 bursts of 30: 450 of 500.
    await line.spend(bursts(15));
    const [first] = line.told;
    expect(first).toMatchObject({ state: "firing" });
    expect(first?.current).toBeLessThan(400);
    const meanwhile = await line.spend([10, ...idle(40)]);
    expect(meanwhile.filter(({ state }) => state !== "firing")).toEqual([]);
    expect(states(line.told)).toEqual(["firing"]);
    const used = await line.spend(times(6, () => 10));
    expect(used.at(-1)).toMatchObject({ state: "firing", current: 520 });
    expect(line.told.slice(1)).toMatchObject([{ state: "firing", current: 510, passedSeconds: 0 }]);
    expect(line.told[1]?.description).toMatch(
      /^Passed: ai_cloud_cost_today of burst is 510, above its limit of 500, and forecast/,
    );
  });

  it("is announced before it is used, also where nothing is known of the agent yet", async () => {
    const line = new TimeLine(budget);
    const alerts = await line.spend([370, 10, 71, 20, 20, 20]);
    expect(alerts.map(({ state, cause }) => [state, cause])).toEqual([
      ["inactive", undefined],
      ["firing", "near"],
      ["firing", "near"],
      ["firing", "near"],
      ["firing", "near"],
      ["firing", "near"],
    ]);
    expect(line.told.map(({ description }) => description)).toEqual([
      "ai_cloud_cost_today of burst is 380, near its limit of 500; it has no forecast now: " +
        "look for a loop, take work off or raise its budget.",
      "Passed: ai_cloud_cost_today of burst is 511, above its limit of 500: " +
        "look for a loop, take work off or raise its budget.",
    ]);
  });

  it("says that it was passed when it ends with the day", async () => {
    const line = new TimeLine(budget, {}, 23.5);
    await line.spend([...times(60, () => 10), ...idle(15)]);
    expect(line.told.at(-1)).toMatchObject({ state: "firing", current: 510 });
    expect((await line.spend(idle(5).slice(1))).at(-1)?.state).toBe("firing");
    await line.spend(idle(10));
    expect(line.told.at(-1)?.description).toMatch(
      /^Back below its limit: ai_cloud_cost_today of burst is 0, and was above its limit of 500 for 22 minutes/,
    );
  });

  it("stays until midnight where its agent is silent for longer than the expiry", async () => {
    const line = new TimeLine(budget, {}, 21);
    const { told } = line;
    const burst = times(60, () => 10);
    await line.spend([...burst, ...idle(75)]);
    expect(await line.shown("ai_cloud_cost_today")).toEqual([]);
    expect(await line.shown("forecast_alert_state")).toEqual([3]);
    expect(states(told)).toEqual(["firing", "firing"]);
    const [kept] = await line.spend([0]);
    expect(kept).toMatchObject({ state: "firing", current: 600 });
    expect(kept?.description).toBe(
      "Passed: ai_cloud_cost_today of burst is 600, above its limit of 500: " +
        "look for a loop, take work off or raise its budget.",
    );
    const [back] = await line.spend([5]);
    expect(back).toMatchObject({ state: "firing", current: 605, firedAt: kept?.firedAt });
    expect(states(told)).toEqual(["firing", "firing"]);

    await line.spend(idle(95));
    expect(told.at(-1)?.state).toBe("resolved");
    expect(told.at(-1)?.description).toMatch(
      /^ai_cloud_cost_today of burst is no longer measured, and was last 605; it was above its limit of 500 for \d/,
    );
    expect(await line.shown("forecast_alert_state")).toEqual([]);
    expect(states(told)).toEqual(["firing", "firing", "resolved"]);
  });

  it("ends with the series of its agent where its limit was not passed", async () => {
    const line = new TimeLine(budget);
    await line.spend([...times(46, () => 10), ...idle(90)]);
    expect(line.told.at(-1)).toMatchObject({ state: "resolved", reason: "series_gone" });
    expect(line.told.at(-1)?.passedAt).toBeUndefined();
  });
});
