import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { SavedSeries } from "../../src/engine/series-parts.ts";
import { JoinedSeries } from "../../src/gateway/joined-series.ts";
import { SlotStore } from "../../src/gateway/state/slot-store.ts";
import { expectSame } from "../backfill/as-live.ts";
import { FakePrometheus } from "../backfill/fake-prometheus.ts";
import { until } from "../eventually.ts";
import { type Received, servedApi } from "../promql/served-api.ts";
import { World } from "../run/harness.ts";
import { GatewayHarness } from "./harness.ts";

const INTERVAL = 10_000;
const START = new World().millis;
const BEFORE = 200;

let folder: string;
const received: Received[] = [];
/** What was logged when no series waited any more. */
const ended: string[] = [];
const gateways: GatewayHarness[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-gap-"));
  received.length = 0;
  ended.length = 0;
  const silent = (): void => {};
  const keepEnd = (line: string): void => {
    if (line.includes("backfill: done")) ended.push(line);
  };
  diag.setLogger(
    { error: silent, warn: keepEnd, info: keepEnd, debug: keepEnd, verbose: silent },
    { logLevel: DiagLogLevel.DEBUG, suppressOverrideMessage: true },
  );
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map(({ gateway }) => gateway.shutdown()));
  rmSync(folder, { recursive: true, force: true });
  diag.disable();
});

/** What the series has at each collection. */
function depthAt(tick: number): number {
  return 50 + 10 * Math.sin(tick / 7) + tick / 40;
}

/** A Prometheus that has taken the samples all the time. */
function knowingPrometheus(): FakePrometheus {
  const samples = new Map(
    Array.from({ length: 1000 }, (_, tick) => [START + (tick + 1) * INTERVAL, depthAt(tick)] as const),
  );
  return new FakePrometheus((query) => (query.startsWith("depth") ? [{ labels: {}, samples }] : []), true);
}

/** Its API, which answers from a moment on. */
function servedPrometheus(mayAnswer = Promise.resolve()): Promise<string> {
  const prometheus = knowingPrometheus();
  return servedApi((request, response) => {
    received.push(request);
    void mayAnswer.then(() => response.end(JSON.stringify(prometheus.answer(request))));
  });
}

/** A gateway whose clock begins at a collection, with a state folder of its own. */
function gatewayAt(tick: number, state: string, source?: string): GatewayHarness {
  const world = new World();
  world.millis = START + tick * INTERVAL;
  const sources = source === undefined ? "" : `sources: [{ prometheus: "${source}" }]\n`;
  const content = `method: naive\nhorizons: [5m, 1d]\nstate: { directory: ${folder}/${state} }\n${sources}`;
  const gateway = new GatewayHarness(content, world);
  gateways.push(gateway);
  return gateway;
}

function sendDepth(harness: GatewayHarness, from: number, count: number): Promise<void> {
  return harness.ticks(count, (tick) => harness.send({ header: { name: "depth" } }, depthAt(from + tick)));
}

/** The series that a gateway, which has ended, has saved. */
async function savedIn(state: string): Promise<SavedSeries> {
  const parts = new JoinedSeries();
  let saved: SavedSeries | undefined;
  const store = new SlotStore({ directory: join(folder, state), clock: new World() });
  await store.open((record) => {
    if (parts.isPart(record)) saved = parts.take(record) || saved;
    return true;
  });
  await store.close();
  if (saved === undefined) throw new Error("no series was saved");
  return saved;
}

/** One that was away for a while, and one that was not. */
async function expectSameAfter(gap: number): Promise<void> {
  const first = gatewayAt(0, "restarted");
  await sendDepth(first, 0, BEFORE);
  await first.gateway.shutdown();
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  const second = gatewayAt(BEFORE + gap, "restarted", await servedPrometheus(mayAnswer));
  await sendDepth(second, BEFORE + gap, 1);
  expect(second.gateway.notReadyBecause()).toBe("1 series wait for their past");
  answer();
  await until(() => second.gateway.notReadyBecause() === undefined);
  await sendDepth(second, BEFORE + gap + 1, 3);
  const [predicted] = await second.shown("depth_predicted");
  expect(predicted?.value).toBe(depthAt(BEFORE + gap + 3));
  await second.gateway.shutdown();
  const twin = gatewayAt(0, "twin");
  await sendDepth(twin, 0, BEFORE + gap + 1);
  // The other one has collected once more, when it had its past.
  await twin.gateway.collect();
  await sendDepth(twin, BEFORE + gap + 1, 3);
  await twin.gateway.shutdown();
  expectSame(await savedIn("restarted"), await savedIn("twin"));
}

/** The first time that is asked for, in epoch milliseconds. */
function startOf({ parameters }: Received): number {
  return Number(parameters.get("start")) * 1000;
}

it("a gateway that was away learns what came meanwhile, as if it had not been away", async () => {
  await expectSameAfter(100);
  const ranges = received.filter(({ path }) => path.endsWith("/query_range"));
  // Only the gap is asked for: it is within the finest tier.
  expect(ranges).toHaveLength(1);
  expect(startOf(ranges[0] as Received)).toBe(START + BEFORE * INTERVAL);
});

it("a gateway that was hardly away asks for nothing", async () => {
  const first = gatewayAt(0, "restarted");
  await sendDepth(first, 0, BEFORE);
  await first.gateway.shutdown();
  const second = gatewayAt(BEFORE, "restarted", await servedPrometheus());
  await sendDepth(second, BEFORE, 3);
  expect(second.gateway.notReadyBecause()).toBeUndefined();
  expect(received).toEqual([]);
});

it("a gateway whose source does not know what came meanwhile goes on with what it has", async () => {
  const first = gatewayAt(0, "restarted");
  await sendDepth(first, 0, BEFORE);
  await first.gateway.shutdown();
  const source = await servedApi((_, response) => {
    response.statusCode = 400;
    return "";
  });
  const second = gatewayAt(BEFORE + 100, "restarted", source);
  await sendDepth(second, BEFORE + 100, 1);
  await until(() => second.gateway.notReadyBecause() === undefined);
  await sendDepth(second, BEFORE + 101, 2);
  await second.gateway.shutdown();
  const { tiers } = await savedIn("restarted");
  const [{ values }] = tiers as unknown as [{ values: Float64Array }];
  const gap = values.slice(-102, -2);
  expect(gap.every(Number.isNaN)).toBe(true);
  expect(values.at(-103)).toBe(depthAt(BEFORE - 1));
});

/** In collections, with that of the value: a gauge counts for five minutes after its last value. */
const STILL_COUNTS = 30;
const GAP = 90;

/** A gateway that runs, but gets no values for a while, and then one again. */
async function interrupted(source: string): Promise<GatewayHarness> {
  const harness = gatewayAt(0, "interrupted", source);
  await sendDepth(harness, 0, 1);
  await until(() => harness.gateway.notReadyBecause() === undefined);
  await sendDepth(harness, 1, BEFORE - 1);
  await harness.ticks(GAP);
  received.length = 0;
  await sendDepth(harness, BEFORE + GAP, 1);
  return harness;
}

it("a gateway that runs asks for what it missed of a series that was interrupted", async () => {
  const source = await servedPrometheus();
  const harness = await interrupted(source);
  await until(() => ended.length === 2);
  await sendDepth(harness, BEFORE + GAP + 1, 3);
  expect(await harness.shown("depth_predicted")).toMatchObject([{ value: depthAt(BEFORE + GAP + 3) }, {}]);
  await harness.gateway.shutdown();
  expect(received.filter(({ path }) => path.endsWith("/query_range"))).toHaveLength(1);
  const { tiers } = await savedIn("interrupted");
  const since = BEFORE + STILL_COUNTS;
  const filled = GAP - STILL_COUNTS + 3;
  expect([...(tiers[0]?.values ?? [])].slice(-filled)).toEqual(
    Array.from({ length: filled }, (_, tick) => depthAt(since + tick)),
  );
});

it("a series that comes now and then is asked for once, if the source knows no more of it", async () => {
  const source = await servedApi((request) => {
    received.push(request);
    return new FakePrometheus(() => [], true).answer(request);
  });
  const harness = await interrupted(source);
  await until(() => ended.length === 2);
  const asked = received.length;
  expect(asked).toBeGreaterThan(0);
  await harness.ticks(GAP);
  await sendDepth(harness, BEFORE + 2 * GAP + 1, 2);
  // The values of a series that is asked for would wait.
  expect(await harness.shown("depth_predicted")).toMatchObject([
    { value: depthAt(BEFORE + 2 * GAP + 2) },
    {},
  ]);
  expect(received.length).toBe(asked);
  await harness.gateway.shutdown();
  const { tiers } = await savedIn("interrupted");
  const lastGap = [...(tiers[0]?.values ?? [])].slice(-1 - GAP, -1);
  expect(lastGap.filter((value) => Number.isNaN(Number(value)))).toHaveLength(GAP - STILL_COUNTS + 1);
});

it("a series is asked for at its next gap, if the source could not answer at the last one", async () => {
  const prometheus = knowingPrometheus();
  let isBroken = false;
  const source = await servedApi((request, response) => {
    if (!isBroken) return prometheus.answer(request);
    response.statusCode = 400;
    return "";
  });
  const harness = gatewayAt(0, "interrupted", source);
  await sendDepth(harness, 0, 1);
  await until(() => harness.gateway.notReadyBecause() === undefined);
  await sendDepth(harness, 1, BEFORE - 1);
  isBroken = true;
  await harness.ticks(GAP);
  await sendDepth(harness, BEFORE + GAP, 1);
  await until(() => ended.length === 2);
  await sendDepth(harness, BEFORE + GAP + 1, 1);
  isBroken = false;
  await harness.ticks(GAP);
  await sendDepth(harness, BEFORE + 2 * GAP + 2, 1);
  await until(() => ended.length === 3);
  await sendDepth(harness, BEFORE + 2 * GAP + 3, 1);
  await harness.gateway.shutdown();
  const { tiers } = await savedIn("interrupted");
  const filled = GAP - STILL_COUNTS + 1;
  expect([...(tiers[0]?.values ?? [])].slice(-filled)).toEqual(
    Array.from({ length: filled }, (_, tick) => depthAt(BEFORE + GAP + 2 + STILL_COUNTS + tick)),
  );
});

it("series of a damaged slot have their past from the source, as if nothing had been damaged", async () => {
  const first = gatewayAt(0, "restarted");
  await sendDepth(first, 0, BEFORE);
  await first.gateway.shutdown();
  const inner = join(folder, "restarted");
  for (const name of readdirSync(inner).filter((file) => /^slot-..$/.test(file))) {
    const bytes = readFileSync(join(inner, name));
    // The long past comes first.
    const at = Math.floor(bytes.length / 3);
    bytes.fill(0xff, at, at + 8);
    writeFileSync(join(inner, name), bytes);
  }
  const second = gatewayAt(BEFORE, "restarted", await servedPrometheus());
  await sendDepth(second, BEFORE, 1);
  await until(() => second.gateway.notReadyBecause() === undefined);
  await sendDepth(second, BEFORE + 1, 1);
  expect(await second.shown("depth_predicted")).toMatchObject([{ value: depthAt(BEFORE + 1) }, {}]);
  await second.gateway.shutdown();
  expect(readdirSync(inner).some((name) => name.includes("corrupt"))).toBe(true);
  const { tiers } = await savedIn("restarted");
  expect([...(tiers[0]?.values ?? [])].slice(-BEFORE)).toEqual(
    Array.from({ length: BEFORE }, (_, tick) => depthAt(tick + 1)),
  );
});

/** A gateway of a series that is new to it, and waits for its past. */
async function waiting(state: string): Promise<{ harness: GatewayHarness; answer: () => void }> {
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  const harness = gatewayAt(BEFORE, state, await servedPrometheus(mayAnswer));
  await sendDepth(harness, BEFORE, 3);
  expect(harness.gateway.notReadyBecause()).toBe("1 series wait for their past");
  return { harness, answer };
}

/** How many values the finest tier has of the time before the gateway. */
async function valuesBeforeStart(state: string): Promise<number> {
  const { tiers } = await savedIn(state);
  return [...(tiers[0]?.values ?? [])].filter(Number.isFinite).length - 3;
}

it("a new configuration goes on to ask for the past of the series that wait for it", async () => {
  const { harness, answer } = await waiting("reloaded");
  harness.content += "# changed\n";
  await harness.gateway.reload();
  answer();
  await sendDepth(harness, BEFORE + 3, 1);
  await until(() => harness.gateway.notReadyBecause() === undefined);
  await sendDepth(harness, BEFORE + 4, 1);
  await harness.gateway.shutdown();
  expect(await valuesBeforeStart("reloaded")).toBeGreaterThan(BEFORE - 5);
});

it("a gateway that ends while a series waits asks for its past at the next start", async () => {
  const { harness } = await waiting("ended");
  await harness.gateway.shutdown();
  const second = gatewayAt(BEFORE + 3, "ended", await servedPrometheus());
  await sendDepth(second, BEFORE + 3, 1);
  await until(() => second.gateway.notReadyBecause() === undefined);
  await sendDepth(second, BEFORE + 4, 1);
  await second.gateway.shutdown();
  expect(await valuesBeforeStart("ended")).toBeGreaterThan(BEFORE - 5);
});

it("a new configuration keeps the history of series that have no value yet since the start", async () => {
  const first = gatewayAt(0, "quiet");
  await sendDepth(first, 0, BEFORE);
  await first.gateway.shutdown();
  // Longer than a gauge counts after its last value.
  const second = gatewayAt(BEFORE + 60, "quiet");
  await second.ticks(1);
  second.content += "# changed\n";
  await second.gateway.reload();
  await sendDepth(second, BEFORE + 61, 1);
  await second.gateway.shutdown();
  const { tiers } = await savedIn("quiet");
  expect([...(tiers[0]?.values ?? [])].filter(Number.isFinite).length).toBeGreaterThan(BEFORE - 5);
});

it("a new configuration asks again for the gap of a series that was restored", async () => {
  const first = gatewayAt(0, "gap");
  await sendDepth(first, 0, BEFORE);
  await first.gateway.shutdown();
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  const second = gatewayAt(BEFORE + 100, "gap", await servedPrometheus(mayAnswer));
  await sendDepth(second, BEFORE + 100, 2);
  second.content += "# changed\n";
  await second.gateway.reload();
  answer();
  await sendDepth(second, BEFORE + 102, 1);
  await until(() => second.gateway.notReadyBecause() === undefined);
  await sendDepth(second, BEFORE + 103, 1);
  await second.gateway.shutdown();
  const { tiers } = await savedIn("gap");
  expect([...(tiers[0]?.values ?? [])].slice(-150).filter(Number.isNaN)).toEqual([]);
  // Only the gap is asked for, before the change and after it.
  const starts = received.filter(({ path }) => path.endsWith("/query_range")).map(startOf);
  expect(new Set(starts)).toEqual(new Set([START + BEFORE * INTERVAL]));
});
