import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ForecastOptions } from "../../src/config/options.ts";
import { historyRecords } from "../harness/history-records.ts";
import { Harness, MINUTE, World } from "./harness.ts";

const TICKS_AN_HOUR = 360;

/** One token costs 1. The model `free` has no price. */
const CONFIGURATION = `
prices: [{ model: "paid-*", input: 1000000, output: 1000000 }]
views:
  - { instrument: ai_cloud.cost_today, number: level, by: [], name: budget.cost_today }
  - { instrument: ai_cloud.cost_today, number: level, by: [model], name: budget.model_cost_today }
  - { instrument: ai_cloud.cost_today, number: level, by: [], where: { agent: "worker-*" }, name: budget.workers_today }
  - { instrument: ai_cloud.tokens_today, number: level, by: [agent, model], name: budget.tokens_today }
thresholds: { budget_cost_today: { above: 1000 } }
alerts: [{ name: Budget, metric: budget_cost_today, threshold: { above: 1000 } }]
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-budget-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function begin(millis: number, options: ForecastOptions = {}, more = ""): Harness {
  const world = new World();
  world.millis = millis;
  return new Harness({ configFile: "f.yaml", ...options }, world, `${CONFIGURATION}${more}`);
}

const at = (hour: number, minute = 0): number => Date.UTC(2026, 0, 1, hour, minute);

function spend({ pipeline }: Harness, agent: string, tokens: number, model = "paid-a"): void {
  pipeline.instruments.consumption.tokensUsed(agent, { input: tokens, output: 0, cachedInput: 0 }, model);
}

const cost = (harness: Harness) => harness.value("budget_cost_today");
const ofModel = (harness: Harness, model: string) => harness.value("budget_model_cost_today", { model });

describe("a view of what all agents spent today", () => {
  it("sums over agents, and by model", async () => {
    const harness = begin(at(6));
    spend(harness, "worker-1", 5);
    spend(harness, "worker-2", 7);
    spend(harness, "worker-2", 11, "paid-b");
    spend(harness, "planner", 13, "free");
    spend(harness, "planner", 1);
    await harness.ticks(1);
    expect(await cost(harness)).toBe(24);
    expect(await ofModel(harness, "paid-a")).toBe(13);
    expect(await ofModel(harness, "paid-b")).toBe(11);
    expect(await harness.value("budget_workers_today")).toBe(23);
    const tokens = { agent: "planner", model: "free" };
    expect(await harness.value("budget_tokens_today", tokens)).toBe(13);
    // The default view knows no models.
    const shown = (await harness.shown()).get("ai_cloud_tokens_today") ?? [];
    expect(shown.map(({ labels, value }) => [{ ...labels }, value])).toEqual([
      [{ agent: "worker-1" }, 5],
      [{ agent: "worker-2" }, 18],
      [{ agent: "planner" }, 14],
    ]);
  });

  it("is by agent without `by`, as the default view is", async () => {
    const view = "views: [{ instrument: ai_cloud.cost_today, number: level, horizons: [5m] }]";
    const world = new World();
    const prices = "prices: [{ model: m, input: 1000000, output: 1000000 }]";
    const harness = new Harness({ configFile: "f.yaml" }, world, `${prices}\n${view}`);
    spend(harness, "planner", 3, "m");
    await harness.ticks(1);
    const shown = (await harness.shown()).get("ai_cloud_cost_today") ?? [];
    expect(shown.map(({ labels, value }) => [{ ...labels }, value])).toEqual([[{ agent: "planner" }, 3]]);
  });

  it("is a total of the day: forecast to midnight, with a time of crossing and an alert", async () => {
    const harness = begin(at(6), { method: "auto", horizons: ["5m", "1h"] });
    await harness.ticks(TICKS_AN_HOUR, (tick) => spend(harness, `worker-${tick % 2}`, 1));
    const metric = { metric: "budget_cost_today" };
    expect(await cost(harness)).toBe(360);
    expect(await harness.value("budget_cost_today_predicted", { horizon: "1h" })).toBeCloseTo(720, -1);
    expect(await harness.value("forecast_day_end", metric)).toBeCloseTo(360 * 18, -2);
    expect(await harness.value("forecast_time_to_threshold_seconds", metric)).toBeCloseTo(6400, -2);
    const budget = () => harness.pipeline.alerting.alerts({ name: "Budget" });
    expect(budget()).toMatchObject([{ state: "inactive", current: 360 }]);
    await harness.ticks(200, (tick) => spend(harness, `worker-${tick % 2}`, 1));
    expect(budget()).toMatchObject([{ state: "firing", current: 560 }]);
  });

  it("keeps what an agent spent that is gone, without the series of the agent", async () => {
    const harness = begin(at(6), { expiryMillis: MINUTE });
    spend(harness, "worker-1", 5, "paid-b");
    await harness.ticks(12, () => spend(harness, "planner", 1));
    expect(await harness.namesWith("agent", "worker-1")).toEqual([]);
    expect(await cost(harness)).toBe(17);
    expect(await ofModel(harness, "paid-b")).toBe(5);
    expect(await harness.value("budget_workers_today")).toBe(5);
    spend(harness, "worker-1", 2, "paid-b");
    await harness.ticks(1);
    expect(await cost(harness)).toBe(19);
    expect(await harness.value("ai_cloud_cost_today", { agent: "worker-1" })).toBe(7);
  });

  it("never falls while agents end, and stands when all are gone", async () => {
    const harness = begin(at(6), { expiryMillis: MINUTE });
    const seen: (number | undefined)[] = [];
    for (let tick = 0; tick < 30; tick += 1) {
      if (tick < 5) spend(harness, `worker-${tick}`, 10);
      await harness.ticks(1);
      seen.push(await cost(harness));
    }
    expect(seen).toEqual([10, 20, 30, 40, ...Array(26).fill(50)]);
  });

  it("starts from 0 at midnight, also for agents that are gone", async () => {
    const harness = begin(at(23, 55), { expiryMillis: MINUTE });
    spend(harness, "worker-1", 5);
    await harness.ticks(29);
    expect(await cost(harness)).toBe(5);
    await harness.ticks(1);
    expect(await cost(harness)).toBe(0);
    expect(await harness.value("budget_workers_today")).toBe(0);
    spend(harness, "worker-2", 3);
    await harness.ticks(1);
    expect(await cost(harness)).toBe(3);
  });

  it("starts from 0 at midnight also when an agent works on without a model", async () => {
    const harness = begin(at(23, 55), { expiryMillis: MINUTE });
    spend(harness, "planner", 5);
    const task = { agentName: "planner", taskType: "t", executionTime: 1, success: true };
    await harness.ticks(40, (tick) =>
      harness.pipeline.instruments.recorder.recordTask({ ...task, taskId: String(tick) }),
    );
    expect(await cost(harness)).toBe(0);
    expect(await harness.value("ai_cloud_cost_today", { agent: "planner" })).toBe(0);
  });

  it("goes on after a restart, agents and members that are gone included", async () => {
    const history = `file:${join(folder, "history.json")}`;
    const first = begin(at(12), { history, expiryMillis: MINUTE });
    spend(first, "worker-1", 5, "paid-b");
    const used = { agent: "child", lastUsedAt: at(12), tokens: 4, cost: 4 };
    first.pipeline.instruments.consumption.takeMember("1", [used]);
    await first.ticks(1);
    expect(await cost(first)).toBe(9);
    await first.ticks(12, () => spend(first, "planner", 1));
    await first.pipeline.stop();
    expect(historyRecords(join(folder, "history.json")).members).toMatchObject([{ agent: "child", cost: 4 }]);
    const second = begin(at(12, 10), { history, expiryMillis: MINUTE });
    await second.ticks(1, () => spend(second, "planner", 1));
    expect(await cost(second)).toBe(5 + 4 + 12 + 1);
    expect(await ofModel(second, "paid-b")).toBe(5);
    expect(await second.namesWith("agent", "child")).toEqual([]);
    await second.pipeline.stop();
    const third = begin(at(12, 20), { history, expiryMillis: MINUTE });
    await third.ticks(1);
    expect(await cost(third)).toBe(22);
  });

  it("counts what members spent once, until midnight, also after they have ended", async () => {
    const harness = begin(at(23, 58));
    const { consumption } = harness.pipeline.instruments;
    const used = (tokens: number) => [
      {
        agent: "planner",
        lastUsedAt: harness.world.millis,
        tokens,
        models: [{ model: "paid-a", tokens, cost: tokens }],
      },
    ];
    spend(harness, "planner", 1);
    consumption.takeMember("child", used(10));
    await harness.ticks(1);
    consumption.takeMember("child", used(20));
    consumption.takeMember("other", used(300));
    await harness.ticks(1);
    expect(await cost(harness)).toBe(321);
    expect(await ofModel(harness, "paid-a")).toBe(321);
    expect(await harness.value("ai_cloud_cost_today", { agent: "planner" })).toBe(1);
    await harness.ticks(9);
    expect(await cost(harness)).toBe(321);
    await harness.ticks(1);
    expect(await cost(harness)).toBe(0);
    // A report of yesterday that comes late.
    consumption.takeMember("child", [{ agent: "planner", lastUsedAt: at(23, 59), tokens: 5, cost: 5 }]);
    await harness.ticks(1);
    expect(await cost(harness)).toBe(0);
  });

  it("counts each of a thousand members that have ended, one after the other", async () => {
    const harness = begin(at(6));
    const { consumption } = harness.pipeline.instruments;
    for (let id = 0; id < 1000; id += 1)
      consumption.takeMember(String(id), [{ agent: `a${id % 7}`, lastUsedAt: at(6), tokens: 1, cost: 1 }]);
    for (let report = 0; report < 3; report += 1)
      consumption.takeMember("999", [{ agent: "a", lastUsedAt: at(6), tokens: 5, cost: 5 }]);
    await harness.ticks(1);
    expect(await cost(harness)).toBe(999 + 5);
    expect(consumption.usedByMembers().reduce((sum, { tokens }) => sum + tokens, 0)).toBe(999 + 5);
  });

  it.each([
    ["of the file", "timeZone: Asia/Tokyo", {}],
    ["of an option", "", { timeZone: "Asia/Tokyo" }],
  ])("starts from 0 at midnight in the time zone %s", async (_, more, options) => {
    // Midnight in Tokyo is 15:00 UTC.
    const harness = begin(at(13), { method: "auto", ...options }, more);
    await harness.ticks(TICKS_AN_HOUR, () => spend(harness, "planner", 1));
    expect(await cost(harness)).toBe(360);
    expect(await harness.value("forecast_day_end", { metric: "budget_cost_today" })).toBeCloseTo(720, 0);
    const ofAgent = { agent: "planner", metric: "ai_cloud_cost_today" };
    expect(await harness.value("forecast_day_end", ofAgent)).toBeCloseTo(720, 0);
    await harness.ticks(TICKS_AN_HOUR + 10, () => spend(harness, "planner", 1));
    expect(await cost(harness)).toBe(10);
    expect(await harness.value("ai_cloud_cost_today", { agent: "planner" })).toBe(10);
  });

  it("has its day in the zone of its view when the process has none", async () => {
    const view =
      "{ instrument: ai_cloud.tokens_today, number: level, by: [], name: t, timeZone: Asia/Tokyo }";
    const harness = new Harness({ configFile: "f.yaml" }, new World(), `views: [${view}]`);
    expect(harness.pipeline.options.timeZone).toBe("Asia/Tokyo");
    const zones = harness.pipeline.options.views.map(({ instruments, timeZone }) => [
      instruments[0],
      timeZone,
    ]);
    expect(zones.filter(([, zone]) => zone !== undefined)).toEqual([
      ["ai_cloud.tokens_today", "Asia/Tokyo"],
      ["ai_cloud.tokens_today", "Asia/Tokyo"],
      ["ai_cloud.cost_today", "Asia/Tokyo"],
    ]);
    const other = view.replace("Asia/Tokyo", "Europe/Berlin");
    expect(() => new Harness({ configFile: "f.yaml" }, new World(), `views: [${view}, ${other}]`)).toThrow(
      '"views.1.timeZone": must be Asia/Tokyo, the zone in which the day of all these totals begins',
    );
  });
});

describe("the tokens and the cost of a model", () => {
  it("are counters of their own, by kind of token", async () => {
    const prices =
      "prices: [{ model: m, input: 1000000, output: 2000000, cachedInput: 100000, cacheWrite: 1250000 }]";
    const harness = new Harness({ configFile: "f.yaml" }, new World(), prices);
    const usage = { input: 100, output: 10, cachedInput: 40, cacheWrite: 20 };
    harness.pipeline.instruments.consumption.tokensUsed("planner", usage, "m");
    harness.pipeline.instruments.consumption.tokensUsed(
      "planner",
      { input: 3, output: 0, cachedInput: 0 },
      undefined,
    );
    await harness.ticks(1);
    const tokens = (await harness.shown()).get("ai_cloud_model_tokens_total") ?? [];
    expect(tokens.map(({ labels, value }) => [labels.model, labels.token_type, value])).toEqual([
      ["m", "input", 40],
      ["m", "output", 10],
      ["m", "cached_input", 40],
      ["m", "cache_write", 20],
      ["unknown", "input", 3],
      ["unknown", "output", 0],
    ]);
    const ofAgent = { agent: "planner", token_type: "input" };
    expect(await harness.value("ai_cloud_tokens_total", ofAgent)).toBe(103);
    const cost = 40 + 40 * 0.1 + 20 * 1.25 + 20;
    expect(await harness.value("ai_cloud_model_cost_total", { agent: "planner", model: "m" })).toBeCloseTo(
      cost,
      9,
    );
    expect(await harness.value("ai_cloud_cost_total", { agent: "planner" })).toBeCloseTo(cost, 9);
  });

  it("leave with their agent", async () => {
    const harness = begin(at(6), { expiryMillis: MINUTE });
    spend(harness, "planner", 1);
    await harness.ticks(1);
    expect(await harness.namesWith("agent", "planner")).toContain("ai_cloud_model_cost_total");
    await harness.ticks(12);
    expect(await harness.namesWith("agent", "planner")).toEqual([]);
  });
});
