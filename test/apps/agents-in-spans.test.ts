import { expect, it } from "vitest";
import { expectObserved } from "./harness/observed-app.ts";

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
  const bare = await expectObserved(app, (value) => {
    for (const [agent, answers] of [
      ["sound", 2],
      ["survivor", 3],
    ] as const) {
      expect(value("ai_cloud_completed_tasks_total", agent), agent).toBe(1);
      expect(value("ai_cloud_tokens_total", agent, { token_type: "input" }), agent).toBe(10 * answers);
      expect(value("ai_cloud_run_model_calls_p95", agent), agent).toBe(answers);
    }
    expect(value("ai_cloud_run_model_calls_p95", "unanswered")).toBeDefined();
    const failed = { task_type: "execute_tool weather", error_type: "RangeError" };
    const told = tellsFailures ? 1 : undefined;
    expect(value("ai_cloud_retried_attempts_total", "survivor", failed)).toBe(told);
    expect(value("ai_cloud_failed_tasks_total", "unanswered")).toBe(told ?? 0);
  });
  expect(bare.stdout).toMatch(stdout);
});

it("runs of the AI SDK 5 and 6 are observed by their spans, by the functionId", async () => {
  const bare = await expectObserved("ai-sdk-spans", (value) => {
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
  expect(bare.stdout).toContain("survivor 5 sunny 3\nunanswered 5 TypeError\nstreaming 5 sunny\n");
});
