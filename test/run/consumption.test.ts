import { describe, expect, it } from "vitest";
import { readConfiguration } from "../../src/config/configuration.ts";
import type { Price } from "../../src/config/options.ts";
import { SkipLog } from "../../src/logging/skip-log.ts";
import { priceTable } from "../../src/measure/instruments/prices.ts";
import { Harness, MINUTE, World } from "./harness.ts";

const usage = { input: 1_000_000, output: 500_000, cachedInput: 400_000 };

describe("a price table", () => {
  const prices: Price[] = [
    { model: "gpt-5-mini*", input: 1, output: 4 },
    { model: "gpt-5*", input: 10, output: 20, cachedInput: 1 },
  ];

  it("prices a call by the first pattern that matches, per million tokens", () => {
    const priceOf = priceTable(prices, new SkipLog());
    expect(priceOf("gpt-5-mini-2026", usage)).toBe(1 + 2);
    // 600,000 at 10, 400,000 from the cache at 1, and 500,000 at 20 a million.
    expect(priceOf("gpt-5", usage)).toBeCloseTo(6 + 0.4 + 10, 12);
  });

  it("has no price for a model that is not in it, and counts that", () => {
    const skips = new SkipLog();
    expect(priceTable(prices, skips)("claude", usage)).toBeUndefined();
    expect(skips.counts.get("no_price")).toBe(1);
  });

  it("is absent unless it is configured, which is nothing to tell of", () => {
    const skips = new SkipLog();
    expect(priceTable([], skips)("claude", usage)).toBeUndefined();
    expect(skips.counts.size).toBe(0);
  });

  it("comes from the configuration file, which is checked", () => {
    const content = "prices:\n  - { model: m, input: 1, output: 2 }\n";
    expect(readConfiguration("f.yaml", content).prices).toEqual([{ model: "m", input: 1, output: 2 }]);
    const wrong = "prices:\n  - { model: m, input: -1, output: 2 }\n";
    expect(() => readConfiguration("f.yaml", wrong)).toThrow(
      /f\.yaml:2: "prices\.0\.input": must not be negative/,
    );
  });
});

describe("tokens of an agent", () => {
  const spend = ({ pipeline }: Harness): void =>
    pipeline.instruments.consumption.tokensUsed("planner", { input: 90, output: 10, cachedInput: 0 }, "m");
  const agent = { agent: "planner" };

  const prices = "prices: [{ model: m, input: 10000, output: 100000 }]";

  it("are counted, and a rate that is forecast", async () => {
    const harness = new Harness({ windowMillis: MINUTE });
    await harness.ticks(40, () => spend(harness));
    expect(await harness.value("ai_cloud_tokens_total", { ...agent, token_type: "input" })).toBe(40 * 90);
    expect(await harness.value("ai_cloud_tokens_per_second", agent)).toBeCloseTo(10, 6);
    expect(await harness.value("ai_cloud_tokens_per_second_predicted", agent)).toBeCloseTo(10, 6);
    expect(await harness.namesWith("agent", "planner")).not.toContain("ai_cloud_cost_today");
  });

  it("cost what the table says, from midnight UTC on", async () => {
    const world = new World();
    world.millis = Date.UTC(2026, 0, 1, 23, 59, 25);
    const harness = new Harness({ configFile: "prices" }, world, prices);
    await harness.ticks(3, () => spend(harness));
    // 90 tokens at 0.01 and 10 at 0.1 each.
    expect(await harness.value("ai_cloud_cost_total", agent)).toBeCloseTo(3 * 1.9, 9);
    expect(await harness.value("ai_cloud_cost_today", agent)).toBeCloseTo(3 * 1.9, 9);
    await harness.ticks(1);
    expect(await harness.value("ai_cloud_cost_today", agent)).toBe(0);
    await harness.ticks(1, () => spend(harness));
    expect(await harness.value("ai_cloud_cost_today", agent)).toBeCloseTo(1.9, 9);
    expect(await harness.value("ai_cloud_cost_total", agent)).toBeCloseTo(4 * 1.9, 9);
  });

  it("count for the day also where the agent was silent in between", async () => {
    const harness = new Harness({ configFile: "prices", expiryMillis: MINUTE }, undefined, prices);
    await harness.ticks(1, () => spend(harness));
    await harness.ticks(12);
    expect(await harness.value("ai_cloud_cost_today", agent)).toBeUndefined();
    await harness.ticks(1, () => spend(harness));
    expect(await harness.value("ai_cloud_cost_today", agent)).toBeCloseTo(2 * 1.9, 9);
  });

  it("tell when a daily budget will be used up", async () => {
    const harness = new Harness(
      {
        configFile: "prices",
        thresholds: { ai_cloud_cost_today: { above: 200 } },
        method: "linear-trend",
        horizons: ["20m"],
      },
      undefined,
      prices,
    );
    await harness.ticks(60, () => spend(harness));
    const seconds = await harness.value("forecast_time_to_threshold_seconds", {
      ...agent,
      metric: "ai_cloud_cost_today",
    });
    // 114 of 200 are spent, at 0.19 a second.
    expect(seconds).toBeGreaterThan(0.9 * ((200 - 114) / 0.19));
    expect(seconds).toBeLessThan(1.1 * ((200 - 114) / 0.19));
  });

  it("leave with an agent that is gone", async () => {
    const harness = new Harness({ expiryMillis: MINUTE });
    await harness.ticks(2, () => spend(harness));
    await harness.ticks(12);
    expect(await harness.namesWith("agent", "planner")).toEqual([]);
  });
});
