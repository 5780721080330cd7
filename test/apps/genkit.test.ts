import { expect, it } from "vitest";
import { expectObserved } from "./harness/observed-app.ts";

it("flows and agents of Genkit are observed by their spans, and the app sees of them what it sees without us", async () => {
  const bare = await expectObserved("genkit", (value) => {
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
    expect(value("ai_cloud_failed_tasks_total", "coder")).toBe(1);
    const failed = { task_type: "execute_tool weather", error_type: "RangeError" };
    expect(value("ai_cloud_retried_attempts_total", "survivor", failed)).toBe(1);
    expect(value("ai_cloud_failed_tasks_total", "unanswered")).toBe(1);
    expect(value("ai_cloud_failed_tasks_total", "asker")).toBe(0);
    expect(value("ai_cloud_run_model_calls_p95", "byOpenAi")).toBe(1);
    // What the SDK of the provider reports of the same call is not counted, for no agent.
    expect(value("ai_cloud_tokens_total", "shop", { token_type: "input" })).toBeUndefined();
  });
  expect(bare.stdout).toContain(
    "sound stop\nsurvivor stop\nunanswered TypeError\nasker interrupted\nbyOpenAi sunny\ncoder sunny\ncoder AgentError\n",
  );
});
