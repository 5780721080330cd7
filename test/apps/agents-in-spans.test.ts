import { expect, it, onTestFinished } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { live } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";

/** What a framework that makes spans of its own tells in them. */
const FRAMEWORKS = [
  {
    app: "strands",
    stdout: /^sound endTurn\nsurvivor endTurn\nunanswered ModelError\n/,
    tellsFailures: true,
  },
  {
    app: "google-adk",
    stdout: /^sound functionCall,functionResponse,text\nsurvivor .*text\nunanswered .*UNKNOWN_ERROR\n/,
    tellsFailures: false,
  },
];

it.each(FRAMEWORKS)("agents of $app are observed by their spans", async ({ app, stdout, tellsFailures }) => {
  const installed = new InstalledApp(app);
  onTestFinished(() => installed.remove());
  const how = { node: nodeOf(CURRENT), app: ["app.mjs"] };
  const bare = await live(installed.folder, { ...how, withUs: false });
  expect(installed.add(packed()).status).toBe(0);
  let shown: readonly ShownSample[] = [];
  const value = (metric: string, agent: string, labels: Record<string, string> = {}): number | undefined =>
    shownValue([...shown], metric, { agent, ...labels });
  const isTold = (samples: readonly ShownSample[]): boolean => {
    shown = samples;
    return value("ai_cloud_run_model_calls_p95", "unanswered") !== undefined;
  };
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect(bare.stdout).toMatch(stdout);
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);

  for (const [agent, answers] of [
    ["sound", 2],
    ["survivor", 3],
  ] as const) {
    expect(value("ai_cloud_completed_tasks_total", agent), agent).toBe(1);
    expect(value("ai_cloud_tokens_total", agent, { token_type: "input" }), agent).toBe(10 * answers);
    expect(value("ai_cloud_run_model_calls_p95", agent), agent).toBe(answers);
  }
  const failed = { task_type: "execute_tool weather", error_type: "RangeError" };
  const told = tellsFailures ? 1 : undefined;
  expect(value("ai_cloud_retried_attempts_total", "survivor", failed)).toBe(told);
  expect(value("ai_cloud_failed_tasks_total", "unanswered")).toBe(told ?? 0);
});

it("runs of the AI SDK 5 and 6 are observed by their spans, by the functionId", async () => {
  const installed = new InstalledApp("ai-sdk-spans");
  onTestFinished(() => installed.remove());
  const how = { node: nodeOf(CURRENT), app: ["app.mjs"] };
  const bare = await live(installed.folder, { ...how, withUs: false });
  expect(installed.add(packed()).status).toBe(0);
  let shown: readonly ShownSample[] = [];
  const value = (metric: string, agent: string, labels: Record<string, string> = {}): number | undefined =>
    shownValue([...shown], metric, { agent, ...labels });
  const isTold = (samples: readonly ShownSample[]): boolean => {
    shown = samples;
    return value("ai_cloud_cancelled_tasks_total", "aborted 6") === 1;
  };
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect(bare.stdout).toContain("survivor 5 sunny 3\nunanswered 5 TypeError\nstreaming 5 sunny\n");
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);

  for (const version of [5, 6]) {
    for (const [agent, answers] of [
      ["sound", 2],
      ["survivor", 3],
      ["streaming", 2],
    ] as const) {
      const name = `${agent} ${version}`;
      expect(value("ai_cloud_completed_tasks_total", name), name).toBe(1);
      expect(value("ai_cloud_tokens_total", name, { token_type: "input" }), name).toBe(10 * answers);
      expect(value("ai_cloud_run_model_calls_p95", name), name).toBe(answers);
    }
    const survived = { task_type: "execute_tool weather", error_type: "RangeError" };
    expect(value("ai_cloud_retried_attempts_total", `survivor ${version}`, survived)).toBe(1);
    const failedWith = { task_type: "invoke_agent", error_type: "TypeError" };
    for (const name of [`unanswered ${version}`, `broken ${version}`])
      expect(value("ai_cloud_task_duration_seconds_count", name, failedWith), name).toBe(1);
    expect(value("ai_cloud_cancelled_tasks_total", `aborted ${version}`)).toBe(1);
    expect(value("ai_cloud_completed_tasks_total", `aborted ${version}`)).toBe(0);
  }
});
