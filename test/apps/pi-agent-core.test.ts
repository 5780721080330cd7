import { expect, it, onTestFinished } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { live } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";

it("runs of agents of pi-agent-core are observed, and the app sees of them what it sees without us", async () => {
  const installed = new InstalledApp("pi-agent-core");
  onTestFinished(() => installed.remove());
  const how = { node: nodeOf(CURRENT), app: ["app.mjs"] };
  const bare = await live(installed.folder, { ...how, withUs: false });
  expect(installed.add(packed()).status).toBe(0);
  let shown: readonly ShownSample[] = [];
  const isTold = (samples: readonly ShownSample[]): boolean => {
    shown = samples;
    return shownValue(samples, "ai_cloud_cancelled_tasks_total") === 1;
  };
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect(bare.stdout).toMatch(/^sound 4 stop agent_start,turn_start,/);
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);

  const value = (metric: string, labels: Record<string, string> = {}): number | undefined =>
    shownValue([...shown], metric, labels);
  expect(value("ai_cloud_completed_tasks_total")).toBe(4);
  expect(value("ai_cloud_failed_tasks_total")).toBe(1);
  const failed = (taskType: string, errorType: string): number | undefined =>
    value("ai_cloud_retried_attempts_total", { task_type: taskType, error_type: errorType });
  expect(failed("execute_tool weather", "tool_error")).toBe(1);
  expect(failed("execute_tool unknown", "tool_not_found")).toBe(1);
  expect(value("ai_cloud_repeated_tool_calls_total", { tool: "weather" })).toBe(2);
  expect(value("ai_cloud_tokens_total", { token_type: "output" })).toBeGreaterThan(0);
});
