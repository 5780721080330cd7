import { expect, it, onTestFinished } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { live } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";

it("runs of the AI SDK's WorkflowAgent are observed, and the app sees of them what it sees without us", async () => {
  const installed = new InstalledApp("ai-workflow");
  onTestFinished(() => installed.remove());
  const how = { node: nodeOf(CURRENT), app: ["app.mjs"] };
  const bare = await live(installed.folder, { ...how, withUs: false });
  expect(installed.add(packed()).status).toBe(0);
  let shown: readonly ShownSample[] = [];
  const value = (metric: string, agent: string, labels: Record<string, string> = {}): number | undefined =>
    shownValue([...shown], metric, { agent, ...labels });
  const isTold = (samples: readonly ShownSample[]): boolean => {
    shown = samples;
    return value("ai_cloud_failed_tasks_total", "unanswered") === 1;
  };
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect(bare.stdout).toContain("sound 2 stop\nsurvivor 3 stop\nunanswered TypeError\n");
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);

  for (const [agent, answers] of [
    ["sound", 2],
    ["survivor", 3],
  ] as const) {
    expect(value("ai_cloud_completed_tasks_total", agent), agent).toBe(1);
    const input = { model: "small", token_type: "input" };
    expect(value("ai_cloud_model_tokens_total", agent, input), agent).toBe(10 * answers);
  }
  const failed = { task_type: "execute_tool weather", error_type: "tool_error" };
  expect(value("ai_cloud_retried_attempts_total", "survivor", failed)).toBe(1);
});
