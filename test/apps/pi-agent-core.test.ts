import { expect, it } from "vitest";
import { expectObserved } from "./harness/observed-app.ts";

it("runs of agents of pi-agent-core are observed, and the app sees of them what it sees without us", async () => {
  const bare = await expectObserved("pi-agent-core", (ofAgent) => {
    const value = (metric: string, labels = {}) => ofAgent(metric, "shop", labels);
    expect(value("ai_cloud_completed_tasks_total")).toBe(4);
    expect(value("ai_cloud_failed_tasks_total")).toBe(1);
    expect(value("ai_cloud_cancelled_tasks_total")).toBe(1);
    const failed = (taskType: string, errorType: string): number | undefined =>
      value("ai_cloud_retried_attempts_total", { task_type: taskType, error_type: errorType });
    expect(failed("execute_tool weather", "tool_error")).toBe(1);
    expect(failed("execute_tool unknown", "tool_not_found")).toBe(1);
    expect(value("ai_cloud_repeated_tool_calls_total", { tool: "weather" })).toBe(2);
    expect(value("ai_cloud_tokens_total", { token_type: "output" })).toBeGreaterThan(0);
  });
  expect(bare.stdout).toMatch(/^sound 4 stop agent_start,turn_start,/);
});
