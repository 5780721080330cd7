import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { historyRecords } from "../harness/history-records.ts";
import { Harness, MINUTE, SECOND, World } from "./harness.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR = 60 * MINUTE;

let folder: string;
let path: string;
const said: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-today-"));
  path = join(folder, "history.json");
  said.length = 0;
  const logger = { error: () => {}, warn: (it: string) => said.push(it), info: () => {}, debug: () => {} };
  diag.setLogger({ ...logger, verbose: () => {} }, { logLevel: DiagLogLevel.WARN });
});

afterEach(() => {
  diag.disable();
  rmSync(folder, { recursive: true, force: true });
});

/** A process that starts at `millis` with the history file; 100 tokens of model `m` cost 1.9. */
function begin(millis: number, options: ConstructorParameters<typeof Harness>[0] = {}): Harness {
  const world = new World();
  world.millis = millis;
  const given = { configFile: "prices", history: `file:${path}`, ...options };
  return new Harness(given, world, "prices: [{ model: m, input: 10000, output: 100000 }]");
}

const spend = ({ pipeline }: Harness, agent = "planner", model = "m"): void =>
  pipeline.instruments.consumption.tokensUsed(agent, { input: 90, output: 10, cachedInput: 0 }, model);

/** The system closes the lock of a process that crashes. */
const crash = (): void => rmSync(`${path}.lock`);

/** A process that uses tokens for `planner` in each tick and then ends. */
async function morning(ticks: number, options: ConstructorParameters<typeof Harness>[0] = {}): Promise<void> {
  const harness = begin(NOON, options);
  await harness.ticks(ticks, () => spend(harness));
  await harness.pipeline.stop();
}

const tokens = (harness: Harness, agent = "planner") => harness.value("ai_cloud_tokens_today", { agent });
const cost = (harness: Harness, agent = "planner") => harness.value("ai_cloud_cost_today", { agent });

function write(today: unknown): void {
  writeFileSync(path, JSON.stringify({ series: [], today }));
}

describe("what was used today, with a history file", () => {
  it("is restored after a restart, and use before the file was read counts once", async () => {
    await morning(4);
    const harness = begin(NOON + MINUTE);
    spend(harness);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(500);
    expect(await cost(harness)).toBeCloseTo(5 * 1.9, 9);
    await harness.ticks(2, () => spend(harness));
    expect(await tokens(harness)).toBe(700);
    // Counters begin with their process.
    expect(await harness.value("ai_cloud_tokens_total", { agent: "planner", token_type: "input" })).toBe(270);
    expect(await harness.value("ai_cloud_cost_total", { agent: "planner" })).toBeCloseTo(3 * 1.9, 9);
  });

  it("is restored from the last save after a crash", async () => {
    const crashed = begin(NOON);
    // The first tick reads and writes the file, and each minute writes it.
    await crashed.ticks(16, () => spend(crashed));
    crash();
    const harness = begin(crashed.world.millis);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(1300);
  });

  it("loses at most a minute in a crash, also after the clock was put back", async () => {
    const crashed = begin(NOON);
    await crashed.ticks(4, () => spend(crashed));
    crashed.world.millis -= HOUR;
    await crashed.ticks(9, () => spend(crashed));
    crash();
    const harness = begin(crashed.world.millis);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(1200);
  });

  it("is saved a second after it was used, long before the whole history", async () => {
    const crashed = begin(NOON);
    await crashed.ticks(4, () => spend(crashed));
    const timer = [...crashed.world.set].find(({ millis }) => millis === SECOND);
    timer?.callback();
    await crashed.pipeline.history?.idle;
    crash();
    const harness = begin(crashed.world.millis);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(400);
  });

  it("survives several restarts for each agent, also for an agent that was silent meanwhile", async () => {
    const first = begin(NOON);
    spend(first, "planner");
    spend(first, "critic", "unpriced");
    await first.ticks(1);
    await first.pipeline.stop();
    const second = begin(NOON + MINUTE);
    await second.ticks(1, () => spend(second, "critic"));
    await second.pipeline.stop();
    const third = begin(NOON + 2 * MINUTE);
    await third.ticks(1);
    expect([await tokens(third), await cost(third)]).toEqual([100, 1.9]);
    expect([await tokens(third, "critic"), await cost(third, "critic")]).toEqual([200, 1.9]);
  });

  it("restarts at 0 on a new day", async () => {
    await morning(4);
    const harness = begin(NOON + 12 * HOUR, { expiryMillis: 48 * HOUR });
    await harness.ticks(1);
    expect(await tokens(harness)).toBeUndefined();
    await harness.ticks(1, () => spend(harness));
    expect(await tokens(harness)).toBe(100);
  });

  it("restarts at 0 at midnight, also after it was restored", async () => {
    await morning(4);
    const harness = begin(NOON + 12 * HOUR - 15 * SECOND, { expiryMillis: 48 * HOUR });
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(400);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(0);
    expect(await cost(harness)).toBe(0);
  });

  it("is 0 without a file", async () => {
    await morning(4, { history: "memory" });
    const harness = begin(NOON + MINUTE, { history: "memory" });
    await harness.ticks(1);
    expect(await tokens(harness)).toBeUndefined();
  });
});

describe("an agent that is silent since the restart", () => {
  it("expires with its forecasts, and its silence before the restart counts", async () => {
    await morning(10, { expiryMillis: 5 * MINUTE });
    // Last heard of 90 s after noon: it is shown for 140 s more.
    const harness = begin(NOON + 4 * MINUTE, { expiryMillis: 5 * MINUTE });
    await harness.ticks(14);
    expect(await harness.namesWith("agent", "planner")).toContain("ai_cloud_tokens_today_predicted");
    await harness.ticks(1);
    expect(await harness.namesWith("agent", "planner")).toEqual([]);
    await harness.ticks(5);
    expect(await harness.namesWith("agent", "planner")).toEqual([]);
    await harness.ticks(1, () => spend(harness));
    expect(await tokens(harness)).toBe(1100);
  });

  it("is not shown if it expired before the restart, and its daily total goes on when it comes back", async () => {
    await morning(4);
    const harness = begin(NOON + 2 * HOUR);
    await harness.ticks(2);
    expect(await harness.namesWith("agent", "planner")).toEqual([]);
    await harness.ticks(1, () => spend(harness));
    expect(await tokens(harness)).toBe(500);
  });

  it("stays if it is heard of", async () => {
    await morning(4, { expiryMillis: 5 * MINUTE });
    const harness = begin(NOON + 4 * MINUTE, { expiryMillis: 5 * MINUTE });
    await harness.ticks(1, () => spend(harness));
    await harness.ticks(28);
    expect(await tokens(harness)).toBe(500);
    await harness.ticks(2);
    expect(await harness.namesWith("agent", "planner")).toEqual([]);
  });
});

describe("a history file", () => {
  const entry = { agent: "planner", lastUsedAt: NOON, tokens: 7, cost: 0.5 };

  it.each([
    [[{ ...entry, agent: " " }]],
    [[{ ...entry, agent: 5 }]],
    [[{ ...entry, lastUsedAt: "noon" }]],
    [[{ ...entry, tokens: -1 }]],
    [[{ ...entry, tokens: null }]],
    [[{ ...entry, cost: "much" }]],
    [[{ ...entry, cost: -1 }]],
    [[null]],
    [["planner"]],
    ["planner"],
    [{ planner: 7 }],
    [null],
  ])("with %j is logged once as broken, and the agent starts at 0", async (today) => {
    write(today);
    const harness = begin(NOON + MINUTE);
    await harness.ticks(2, () => spend(harness));
    expect(await tokens(harness)).toBe(200);
    expect(said).toEqual([expect.stringContaining(`the history file ${path}`)]);
    expect(said[0]).toContain("used today");
  });

  it("restores valid entries beside broken ones, and the first of two entries of one agent", async () => {
    write([{ ...entry, agent: "" }, entry, { agent: "critic", lastUsedAt: NOON, tokens: 3 }, entry]);
    const harness = begin(NOON + MINUTE);
    await harness.ticks(1);
    expect([await tokens(harness), await cost(harness)]).toEqual([7, 0.5]);
    expect([await tokens(harness, "critic"), await cost(harness, "critic")]).toEqual([3, undefined]);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("2 entries");
  });

  it("of an older version without daily totals is read", async () => {
    writeFileSync(path, JSON.stringify({ series: [] }));
    const harness = begin(NOON + MINUTE);
    await harness.ticks(1, () => spend(harness));
    expect(await tokens(harness)).toBe(100);
    expect(said).toEqual([]);
  });

  it("restores no more agents than the maximum", async () => {
    write(["a", "b", "c"].map((agent) => ({ ...entry, agent })));
    const harness = begin(NOON + MINUTE, { maxSeries: 2 });
    spend(harness, "c");
    await harness.ticks(1);
    await harness.pipeline.stop();
    expect(historyRecords(path).own.map(({ agent, tokens: used }) => [agent, used])).toEqual([
      ["c", 107],
      ["a", 7],
    ]);
  });

  it("forgets agents of the day before", async () => {
    await morning(4);
    const harness = begin(NOON + 24 * HOUR);
    await harness.ticks(1);
    await harness.pipeline.stop();
    expect(historyRecords(path).own).toEqual([]);
  });
});
