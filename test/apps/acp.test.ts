import { expect, it } from "vitest";
import { expectObserved } from "./harness/observed-app.ts";

it("an agent of the Agent Client Protocol is observed, and its client sees the same", async () => {
  const bare = await expectObserved("acp", (value) => {
    const coder = (metric: string, labels = {}) => value(metric, "coder", labels);
    // Five turns have ended well. One of them is no task: an agent of the same name runs in it.
    expect(coder("ai_cloud_completed_tasks_total")).toBe(5);
    expect(coder("ai_cloud_failed_tasks_total")).toBe(2);
    expect(coder("ai_cloud_cancelled_tasks_total")).toBe(1);
    expect(value("ai_cloud_completed_tasks_total", "writer")).toBe(1);
    expect(coder("ai_cloud_tokens_total", { token_type: "output" })).toBe(5);
    const failed = { task_type: "execute_tool edit", error_type: "tool_error" };
    expect(coder("ai_cloud_retried_attempts_total", failed)).toBe(1);
    // The last tool of a turn is its success. Tools beside an agent of a framework are not counted.
    expect(coder("ai_cloud_succeeded_attempts_total", { task_type: "execute_tool read" })).toBe(3);
    expect(coder("ai_cloud_repeated_tool_calls_total", { tool: "read" })).toBe(2);
  });
  expect(bare.stdout).toContain(
    "sound end_turn 2\nsurvivor end_turn 6\nloop end_turn 14\nrefused refusal 14\n",
  );
  expect(bare.stdout).toContain("broken -32603 14\ncancelled cancelled 14\nframework end_turn 16\n");
});
