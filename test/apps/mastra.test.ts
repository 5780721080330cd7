import { expect, it } from "vitest";
import { expectObserved } from "./harness/observed-app.ts";

it("agents of Mastra are observed by our exporter, and the app's own exporters work as without us", async () => {
  const bare = await expectObserved("mastra", (value, shown) => {
    for (const agent of ["sound", "streaming", "survivor"]) {
      expect(value("ai_cloud_completed_tasks_total", agent), agent).toBe(1);
      expect(value("ai_cloud_tokens_total", agent, { token_type: "input" }), agent).toBe(20);
      expect(value("ai_cloud_tokens_total", agent, { token_type: "output" }), agent).toBe(10);
    }
    expect(value("ai_cloud_completed_tasks_total", "asking")).toBe(1);
    expect(value("ai_cloud_tokens_total", "asking", { token_type: "input" })).toBe(20 + 100);
    expect(shown.filter(({ name, labels }) => /_tokens_total/.test(name) && labels.agent === "shop")).toEqual(
      [],
    );
    expect(value("ai_cloud_failed_tasks_total", "unanswered")).toBe(1);
    const failedWith = { task_type: "invoke_agent", error_type: "TypeError" };
    expect(value("ai_cloud_task_duration_seconds_count", "unanswered", failedWith)).toBe(1);
    const survived = { task_type: "execute_tool weather", error_type: "RangeError" };
    expect(value("ai_cloud_retried_attempts_total", "survivor", survived)).toBe(1);
    const notStarted = [
      ["inventor", { task_type: "execute_tool unknown", error_type: "tool_not_found" }],
      ["misfit", { task_type: "execute_tool weather", error_type: "invalid_tool_input" }],
    ] as const;
    for (const [agent, failed] of notStarted) {
      expect(value("ai_cloud_completed_tasks_total", agent), agent).toBe(1);
      expect(value("ai_cloud_retried_attempts_total", agent, failed), agent).toBe(1);
    }
    expect(value("ai_cloud_cancelled_tasks_total", "aborted")).toBe(1);
    expect(value("ai_cloud_completed_tasks_total", "aborted") ?? 0).toBe(0);
  });
  expect(bare.stdout).toBe(
    "unanswered TypeError\nsound,streaming,survivor,inventor,misfit,asking,unanswered,aborted\nDONE\n",
  );
});
