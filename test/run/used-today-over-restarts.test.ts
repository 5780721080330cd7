import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultResolutions } from "../../src/series/resolution.ts";
import { SeriesStore } from "../../src/series/series-store.ts";
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

/** A process that begins at `millis` and keeps its history in the file; 100 tokens of model `m` cost 1.9. */
function begin(millis: number, options: ConstructorParameters<typeof Harness>[0] = {}): Harness {
  const world = new World();
  world.millis = millis;
  const given = { configFile: "prices", history: `file:${path}`, ...options };
  return new Harness(given, world, "prices: [{ model: m, input: 10000, output: 100000 }]");
}

const spend = ({ pipeline }: Harness, agent = "planner", model = "m"): void =>
  pipeline.instruments.consumption.tokensUsed(agent, { input: 90, output: 10, cachedInput: 0 }, model);

/** A process that spends for `planner` in each of so many ticks and then ends. */
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
  it("goes on after a restart, and what was used before the file was read counts once", async () => {
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

  it("goes on from what was last saved after a crash", async () => {
    const crashed = begin(NOON);
    // The file is read at the first tick and written five minutes later, at the 31st.
    await crashed.ticks(40, () => spend(crashed));
    const harness = begin(crashed.world.millis);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(3100);
  });

  it("goes on from five minutes before a crash at most, also where the clock of the machine was put back", async () => {
    const crashed = begin(NOON);
    await crashed.ticks(4, () => spend(crashed));
    crashed.world.millis -= HOUR;
    await crashed.ticks(40, () => spend(crashed));
    const harness = begin(crashed.world.millis);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(3500);
  });

  it("is kept over several restarts, of agents apart, also where one of them said nothing meanwhile", async () => {
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

  it("begins anew with a new day", async () => {
    await morning(4);
    const harness = begin(NOON + 12 * HOUR, { expiryMillis: 48 * HOUR });
    await harness.ticks(1);
    expect(await tokens(harness)).toBeUndefined();
    await harness.ticks(1, () => spend(harness));
    expect(await tokens(harness)).toBe(100);
  });

  it("begins anew at midnight also where it was taken up", async () => {
    await morning(4);
    const harness = begin(NOON + 12 * HOUR - 15 * SECOND, { expiryMillis: 48 * HOUR });
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(400);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(0);
    expect(await cost(harness)).toBe(0);
  });

  it("is nothing without a file", async () => {
    await morning(4, { history: "memory" });
    const harness = begin(NOON + MINUTE, { history: "memory" });
    await harness.ticks(1);
    expect(await tokens(harness)).toBeUndefined();
  });
});

describe("an agent that was not heard of since the restart", () => {
  it("leaves when it was silent for the expiry, counted from before the restart, with its forecasts", async () => {
    await morning(10, { expiryMillis: 5 * MINUTE });
    // Last heard of 90 s after noon, and shown for the last time 140 s from now.
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

  it("is not shown where the expiry was over before, and its day goes on when it comes back", async () => {
    await morning(4);
    const harness = begin(NOON + 2 * HOUR);
    await harness.ticks(2);
    expect(await harness.namesWith("agent", "planner")).toEqual([]);
    await harness.ticks(1, () => spend(harness));
    expect(await tokens(harness)).toBe(500);
  });

  it("stays where it is heard of", async () => {
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
  ])("with %j is said to be broken there, once, and the agent begins at 0", async (today) => {
    write(today);
    const harness = begin(NOON + MINUTE);
    await harness.ticks(2, () => spend(harness));
    expect(await tokens(harness)).toBe(200);
    expect(said).toEqual([expect.stringContaining(`the history file ${path}`)]);
    expect(said[0]).toContain("used today");
  });

  it("gives what is right beside what is broken, and of two of one agent the first", async () => {
    write([{ ...entry, agent: "" }, entry, { agent: "critic", lastUsedAt: NOON, tokens: 3 }, entry]);
    const harness = begin(NOON + MINUTE);
    await harness.ticks(1);
    expect([await tokens(harness), await cost(harness)]).toEqual([7, 0.5]);
    expect([await tokens(harness, "critic"), await cost(harness, "critic")]).toEqual([3, undefined]);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("2 entries");
  });

  it("of a version that kept nothing of the day is read as it is", async () => {
    writeFileSync(path, JSON.stringify({ series: [] }));
    const harness = begin(NOON + MINUTE);
    await harness.ticks(1, () => spend(harness));
    expect(await tokens(harness)).toBe(100);
    expect(said).toEqual([]);
  });

  it("has the series where such a version looks for them", async () => {
    await morning(4);
    const options = { maxSeries: 100, expiryMillis: HOUR, resolutions: defaultResolutions(10) };
    expect(new SeriesStore(options).restore(JSON.parse(readFileSync(path, "utf8")))).toBeGreaterThan(3);
  });

  it("gives no more agents than there may be", async () => {
    write(["a", "b", "c"].map((agent) => ({ ...entry, agent })));
    const harness = begin(NOON + MINUTE, { maxSeries: 2 });
    spend(harness, "c");
    await harness.ticks(1);
    await harness.pipeline.stop();
    const { today } = JSON.parse(readFileSync(path, "utf8")) as {
      today: { agent: string; tokens: number }[];
    };
    expect(today.map(({ agent, tokens: used }) => [agent, used])).toEqual([
      ["c", 107],
      ["a", 7],
    ]);
  });

  it("forgets agents of the day before", async () => {
    await morning(4);
    const harness = begin(NOON + 24 * HOUR);
    await harness.ticks(1);
    await harness.pipeline.stop();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ today: [] });
  });
});
