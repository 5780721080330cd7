import { expect, it } from "vitest";
import { expectObserved } from "./harness/observed-app.ts";

it("runs of the AI SDK's WorkflowAgent are observed, and the app sees of them what it sees without us", async () => {
  const bare = await expectObserved("ai-workflow", (value) => {
    for (const [agent, answers] of [
      ["sound", 2],
      ["survivor", 3],
    ] as const) {
      expect(value("ai_cloud_completed_tasks_total", agent), agent).toBe(1);
      const input = { model: "small", token_type: "input" };
      expect(value("ai_cloud_model_tokens_total", agent, input), agent).toBe(10 * answers);
    }
    expect(value("ai_cloud_failed_tasks_total", "unanswered")).toBe(1);
    const failed = { task_type: "execute_tool weather", error_type: "tool_error" };
    expect(value("ai_cloud_retried_attempts_total", "survivor", failed)).toBe(1);
  });
  expect(bare.stdout).toContain("sound 2 stop\nsurvivor 3 stop\nunanswered TypeError\n");
});
