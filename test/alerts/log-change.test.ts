import { diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AlertRule } from "../../src/alerts/entries.ts";
import { logEndsElsewhere } from "../../src/alerts/log-change.ts";
import type { ForecastOptions } from "../../src/config/options.ts";
import { Harness, SECOND } from "../run/harness.ts";

const rule: AlertRule = {
  name: "MemoryIsHigh",
  metric: "ai_cloud_memory_usage_percent",
  threshold: { above: 80 },
  keepFiringFor: "20s",
};

let lines: string[];

beforeEach(() => {
  lines = [];
  for (const level of ["warn", "info"] as const)
    vi.spyOn(diag, level).mockImplementation((message) => {
      if (message.includes("alert ")) lines.push(`[${level}] ${message}`);
    });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function logOf(memory: readonly (number | undefined)[], options: ForecastOptions): Promise<string[]> {
  const harness = new Harness({
    method: "linear-trend",
    collectionIntervalMillis: 10 * SECOND,
    ...options,
  });
  for (const memoryUsage of memory)
    await harness.ticks(1, () => {
      if (memoryUsage !== undefined) harness.pipeline.recordAgent({ agentName: "worker-1", memoryUsage });
    });
  return lines;
}

const quiet = new Array(100).fill(20);

it("an alert without actions logs when it fires, when its threshold is passed, and when it ends", async () => {
  const ramp = Array.from({ length: 45 }, (_, index) => 40 + index);
  const logged = await logOf([...ramp, ...quiet], { alerts: [rule] });
  expect(logged).toEqual([
    expect.stringMatching(
      /^\[warn\] otel-forecast: alert MemoryIsHigh \(warning\) fires: ai_cloud_memory_usage_percent of worker-1 is 7\d%/,
    ),
    expect.stringMatching(
      /^\[warn\] otel-forecast: alert MemoryIsHigh \(warning\) fires: Passed: ai_cloud_memory_usage_percent of worker-1 is 81%/,
    ),
    expect.stringMatching(
      /^\[info\] otel-forecast: alert MemoryIsHigh has ended: Back below its limit: ai_cloud_memory_usage_percent/,
    ),
  ]);
});

it("an alert that stays inactive logs nothing", async () => {
  expect(await logOf(quiet, { alerts: [rule] })).toEqual([]);
});

it("an alert with actions logs its end, since not every action runs then", async () => {
  const actions = { note: { run: () => {}, effect: "protect" } } as const;
  const logged = await logOf([90, 90, 90, ...quiet], { alerts: [{ ...rule, actions: ["note"] }], actions });
  expect(logged).toEqual([
    expect.stringMatching(/would have run action "note" for alert MemoryIsHigh/),
    expect.stringMatching(/^\[info\] otel-forecast: alert MemoryIsHigh has ended: Back below its limit/),
  ]);
});

it("an alert ends with its series", async () => {
  const gone = { expiryMillis: 100 * SECOND };
  const logged = await logOf([90, 90, 90, ...new Array(20).fill(undefined)], { alerts: [rule], ...gone });
  expect(logged.slice(1)).toEqual([
    expect.stringMatching(
      /^\[info\] otel-forecast: alert MemoryIsHigh has ended: ai_cloud_memory_usage_percent of worker-1 is no longer measured, and was last 90%/,
    ),
  ]);
});

describe("alerts of a thread or process that has ended", () => {
  const state = (alert: string, value: number, name = "forecast.alert_state") => ({
    metric: { name },
    labels: { alert, metric: "ai_cloud_heap_usage_percent", horizon: "5m", agent: "shop/crawler" },
    value,
  });

  it("end, if they fired when it was last heard", () => {
    const inactive = [0, 1, 2].map((value) => state("Quiet", value));
    logEndsElsewhere([...inactive, state("HeapIsFull", 3), state("x", 3, "x")], "its thread has ended");
    expect(lines).toEqual([
      "[info] otel-forecast: alert HeapIsFull has ended: ai_cloud_heap_usage_percent of shop/crawler is no longer measured; its thread has ended",
    ]);
  });
});
