import { diag } from "@opentelemetry/api";
import { type DataPoint, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { expect, it, onTestFinished, vi } from "vitest";
import { ActionLog } from "../../../src/alerts/actions/action-log.ts";
import type { ActionOutcome, ActionRequest } from "../../../src/alerts/actions/action-outcome.ts";
import type { ResolvedAction } from "../../../src/alerts/resolved.ts";

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

const action = (name: string, acts: boolean): ResolvedAction =>
  ({ name, acts, effect: "an effect" }) as unknown as ResolvedAction;

async function countsAfter(
  actions: readonly ResolvedAction[],
  ended: readonly ActionOutcome[],
): Promise<Record<string, number>> {
  const reader = new Reader();
  const log = new ActionLog(new MeterProvider({ readers: [reader] }).getMeter("test"), actions);
  const alert = { name: "HighCpu", state: "predicted", description: "high" };
  for (const outcome of ended) log.ended({ action: actions[0], alert } as ActionRequest, outcome, "");
  const { resourceMetrics } = await reader.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const points = metrics.flatMap(({ dataPoints }) => dataPoints as DataPoint<number>[]);
  return Object.fromEntries(
    points.map(({ attributes, value }) => [`${attributes.action} ${attributes.outcome}`, Number(value)]),
  );
}

it("counts each run by its outcome, from 0 on", async () => {
  const counts = await countsAfter([action("scale", true)], ["succeeded", "failed", "succeeded"]);
  expect(counts).toMatchObject({ "scale succeeded": 2, "scale failed": 1 });
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(counts).not.toHaveProperty("scale observed");
});

it("has only the outcome of an action that is not run", async () => {
  expect(await countsAfter([action("page", false)], ["observed"])).toEqual({ "page observed": 1 });
});

it("has no metric without actions", async () => {
  expect(await countsAfter([], [])).toEqual({});
});

it("logs what ran and what would have run, and the first of failures until a success", () => {
  const lines: string[] = [];
  for (const level of ["info", "warn"] as const)
    vi.spyOn(diag, level).mockImplementation((line) => void lines.push(`${level}: ${line}`));
  onTestFinished(() => void vi.restoreAllMocks());
  const log = new ActionLog(new MeterProvider().getMeter("test"), []);
  const alert = { name: "HighCpu", state: "firing", description: "high" };
  const request = { action: action("scale", true), alert } as ActionRequest;
  for (const outcome of ["observed", "failed", "failed", "succeeded", "failed"] as const)
    log.ended(request, outcome, "status 500");
  const what = 'action "scale" for alert HighCpu (firing)';
  const failed = `warn: otel-forecast: ${what}: failed: status 500. Further failures are only counted until it succeeds.`;
  expect(lines).toEqual([
    `info: otel-forecast: would have run ${what} to an effect: high`,
    failed,
    `info: otel-forecast: ran ${what} to an effect: high`,
    failed,
  ]);
});
