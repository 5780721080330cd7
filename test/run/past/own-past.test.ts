import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ForecastOptions } from "../../../src/config/options.ts";
import { FakePrometheus, type FakeSeries } from "../../backfill/fake-prometheus.ts";
import { until } from "../../eventually.ts";
import { type Received, servedApi } from "../../promql/served-api.ts";
import { Harness, World } from "../harness.ts";

const START = new World().millis;
const INTERVAL = 10_000;

const harnesses: Harness[] = [];
const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  const write = (line: string) => lines.push(line);
  const silent = () => {};
  diag.setLogger(
    { error: write, warn: write, info: write, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true },
  );
});
afterEach(async () => {
  await Promise.all(harnesses.splice(0).map(({ pipeline }) => pipeline.stop()));
  diag.disable();
});

/** Samples at each interval of the hour before the start. */
function past(valueAt: (index: number) => number): Map<number, number> {
  return new Map(
    Array.from({ length: 400 }, (_, index) => [START - (400 - index) * INTERVAL, valueAt(index)] as const),
  );
}

interface Api {
  readonly url: string;
  readonly received: Received[];
  isDown: boolean;
}

async function apiOf(series: Readonly<Record<string, readonly FakeSeries[]>>): Promise<Api> {
  const prometheus = new FakePrometheus((expression) => series[expression.split("{")[0] ?? ""] ?? [], true);
  const received: Received[] = [];
  const api = { isDown: false };
  const url = await servedApi((request, response) => {
    received.push(request);
    if (!api.isDown) return prometheus.answer(request);
    response.statusCode = 400;
    return "";
  });
  return Object.assign(api, { url, received });
}

function begin(options: ForecastOptions): Harness {
  const harness = new Harness({ horizons: ["5m"], ...options });
  harnesses.push(harness);
  return harness;
}

const throughput = {
  system_throughput: [{ labels: { job: "service", instance: "old:9464" }, samples: past(() => 50) }],
};

it("a process forecasts at once from the past of its series, with the values of the start", async () => {
  const { url, received } = await apiOf(throughput);
  const harness = begin({ backfill: url });
  const { pipeline } = harness;
  pipeline.recordSystem({ throughput: 50 });
  await pipeline.collect();
  expect(await harness.value("system_throughput")).toBe(50);
  expect(await harness.value("system_throughput_predicted", { horizon: "5m" })).toBeUndefined();
  // It collects once more when the past is there.
  const predicted = () => harness.value("system_throughput_predicted", { horizon: "5m" });
  await until(async () => (await predicted()) === 50);
  expect(received.some(({ parameters }) => parameters.get("query") === "system_throughput")).toBe(true);
  const [saved] = [...pipeline.engine.saved()].filter(({ key }) => key.metric === "system_throughput");
  // The horizon needs the finest tier only.
  expect(saved?.tiers.map(({ values }) => values.length)).toEqual([360]);
  expect(saved?.tiers[0]?.open).toMatchObject({ at: START, count: 2, value: 50 });
});

it("series without a past begin with the values of the start", async () => {
  const { url } = await apiOf({});
  const harness = begin({ backfill: url });
  harness.pipeline.recordSystem({ throughput: 7 });
  await harness.pipeline.collect();
  await until(() =>
    [...harness.pipeline.engine.saved()].some(({ key }) => key.metric === "system_throughput"),
  );
  const [saved] = [...harness.pipeline.engine.saved()].filter(
    ({ key }) => key.metric === "system_throughput",
  );
  expect(saved?.tiers[0]?.open).toMatchObject({ at: START, value: 7 });
});

it("an API that fails costs one line, and no value", async () => {
  const api = await apiOf(throughput);
  api.isDown = true;
  const harness = begin({ backfill: api.url });
  harness.pipeline.recordSystem({ throughput: 7 });
  await harness.pipeline.collect();
  await until(() => lines.length === 2);
  expect(lines[1]).toMatch(
    /^otel-forecast: backfill: done after 0 s: 0 of \d+ series have their past, .*; the last error: http/,
  );
  const saved = () =>
    [...harness.pipeline.engine.saved()].filter(({ key }) => key.metric === "system_throughput");
  expect(saved()[0]?.tiers[0]?.open).toMatchObject({ at: START, value: 7 });
  const asked = api.received.length;
  await harness.ticks(3);
  expect([lines.length, api.received.length]).toEqual([2, asked]);
});

it("a process that ends keeps the values that waited", async () => {
  const url = await servedApi(() => undefined);
  const harness = begin({ backfill: url });
  harness.pipeline.recordSystem({ throughput: 7 });
  await harness.pipeline.collect();
  expect([...harness.pipeline.engine.saved()]).toEqual([]);
  await harness.pipeline.stop();
  expect([...harness.pipeline.engine.saved()].map(({ key }) => key.metric)).toContain("system_throughput");
});

describe("what the history file restores", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "otel-forecast-past-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A process that has ended, and the one after it. */
  async function restarted(awayMillis: number, api: Api): Promise<Harness> {
    const history = `file:${join(folder, "history")}`;
    const first = begin({ history });
    first.pipeline.recordSystem({ throughput: 5 });
    await first.ticks(3);
    await first.pipeline.stop();
    const world = new World();
    world.millis = first.world.millis + awayMillis;
    const second = new Harness({ history, backfill: api.url }, world);
    harnesses.push(second);
    second.pipeline.recordSystem({ throughput: 5, errorRate: 0.5 });
    await second.ticks(1);
    await until(() => lines.some((line) => line.includes("backfill: done")));
    return second;
  }

  it("is not asked for", async () => {
    const api = await apiOf(throughput);
    await restarted(0, api);
    const asked = api.received.map(({ parameters }) => parameters.get("query") ?? "");
    expect(asked.some((query) => query.includes("system_error_rate"))).toBe(true);
    expect(asked.some((query) => query.includes("system_throughput"))).toBe(false);
  });

  it("is completed by what came while the process was away", async () => {
    const samples = new Map(Array.from({ length: 100 }, (_, index) => [START + index * INTERVAL, index]));
    const api = await apiOf({ system_throughput: [{ labels: {}, samples }] });
    const { pipeline } = await restarted(10 * INTERVAL, api);
    const [saved] = [...pipeline.engine.saved()].filter(({ key }) => key.metric === "system_throughput");
    const [finest] = saved?.tiers ?? [];
    expect([...(finest?.values ?? [])].slice(-12)).toEqual([5, 5, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });
});
