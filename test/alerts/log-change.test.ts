import { diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AlertRule } from "../../src/alerts/entries.ts";
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

async function logOf(memory: readonly number[], options: ForecastOptions): Promise<string[]> {
  const harness = new Harness({
    method: "linear-trend",
    collectionIntervalMillis: 10 * SECOND,
    ...options,
  });
  for (const memoryUsage of memory)
    await harness.ticks(1, () => harness.pipeline.recordAgent({ agentName: "worker-1", memoryUsage }));
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

it("an alert that stays inactive, and one with actions, logs nothing more", async () => {
  expect(await logOf(quiet, { alerts: [rule] })).toEqual([]);
  const actions = { note: { run: () => {}, effect: "protect" } } as const;
  const logged = await logOf([90, 90, 90, ...quiet], { alerts: [{ ...rule, actions: ["note"] }], actions });
  expect(logged).toEqual([expect.stringMatching(/would have run action "note" for alert MemoryIsHigh/)]);
});
