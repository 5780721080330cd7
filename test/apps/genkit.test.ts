import { expect, it, onTestFinished } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { live } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";

it("flows and agents of Genkit are observed by their spans, and the app sees of them what it sees without us", async () => {
  const installed = new InstalledApp("genkit");
  onTestFinished(() => installed.remove());
  const how = { node: nodeOf(CURRENT), app: ["app.mjs"] };
  const bare = await live(installed.folder, { ...how, withUs: false });
  expect(installed.add(packed()).status).toBe(0);
  let shown: readonly ShownSample[] = [];
  const value = (metric: string, agent: string, labels: Record<string, string> = {}): number | undefined =>
    shownValue([...shown], metric, { agent, ...labels });
  const isTold = (samples: readonly ShownSample[]): boolean => {
    shown = samples;
    return value("ai_cloud_failed_tasks_total", "coder") === 1;
  };
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect(bare.stdout).toContain(
    "sound stop\nsurvivor stop\nunanswered TypeError\nasker interrupted\nbyOpenAi sunny\ncoder sunny\ncoder AgentError\n",
  );
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);

  for (const [agent, answers] of [
    ["sound", 2],
    ["survivor", 3],
    ["asker", 1],
    ["byOpenAi", 1],
    ["coder", 2],
  ] as const) {
    expect(value("ai_cloud_completed_tasks_total", agent), agent).toBe(1);
    expect(value("ai_cloud_tokens_total", agent, { token_type: "input" }), agent).toBe(10 * answers);
  }
  const failed = { task_type: "execute_tool weather", error_type: "RangeError" };
  expect(value("ai_cloud_retried_attempts_total", "survivor", failed)).toBe(1);
  expect(value("ai_cloud_failed_tasks_total", "unanswered")).toBe(1);
  expect(value("ai_cloud_failed_tasks_total", "asker")).toBe(0);
  expect(value("ai_cloud_run_model_calls_p95", "byOpenAi")).toBe(1);
  // What the SDK of the provider reports of the same call is not counted, for no agent.
  expect(value("ai_cloud_tokens_total", "shop", { token_type: "input" })).toBeUndefined();
});
